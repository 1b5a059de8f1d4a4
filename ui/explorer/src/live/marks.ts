/** What has just changed: shown for a moment where it stands, without anything being moved. */
import { useSyncExternalStore } from 'react';

/** As long as the style sheets' `changed` takes. */
const MOMENT_MS = 2500;

const marked = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Map<string, Set<() => void>>();

export const assetMark = (key: string): string => `asset:${key}`;
export const runMark = (id: string): string => `run:${id}`;

export function mark(name: string): void {
  clearTimeout(marked.get(name));
  marked.set(
    name,
    setTimeout(() => {
      marked.delete(name);
      tell(name);
    }, MOMENT_MS),
  );
  tell(name);
}

function tell(name: string): void {
  for (const changed of listeners.get(name) ?? []) changed();
}

/** Whether the thing changed a moment ago. */
export function useMarked(name: string | undefined): boolean {
  return useSyncExternalStore(
    (changed) => subscribe(name, changed),
    () => name !== undefined && marked.has(name),
  );
}

function subscribe(name: string | undefined, changed: () => void): () => void {
  if (name === undefined) return () => {};
  const those = listeners.get(name) ?? new Set();
  listeners.set(name, those.add(changed));
  return () => {
    those.delete(changed);
    if (those.size === 0) listeners.delete(name);
  };
}

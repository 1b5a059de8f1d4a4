import { useSyncExternalStore } from 'react';
import { age, clock, exact, relative, short, zoned } from '@/format/time';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 30_000);
  return () => {
    listeners.delete(changed);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time in epoch milliseconds, anew every half minute; one clock for the whole page. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

interface TimeProps {
  /** ISO 8601. */
  of: string;
  /** `relative`: "5 min ago"; `age`: "5m"; `exact`: date and time; `clock`: the time of its day; `short`: without the year. */
  as?: 'relative' | 'age' | 'exact' | 'clock' | 'short';
}

/** An instant; pointed at, it is told in full. */
export function Time({ of, as = 'relative' }: TimeProps) {
  const at = Math.max(useNow(), Date.now() - 30_000);
  const text = { relative, age, exact, clock, short }[as](of, at);
  return (
    <time dateTime={of} title={zoned(of)}>
      {text}
    </time>
  );
}

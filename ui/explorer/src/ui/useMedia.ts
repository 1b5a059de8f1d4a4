import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds, and anew when that changes. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Whether the window is so narrow that panels become sheets and columns lists. */
export const useNarrow = (): boolean => useMedia('(max-width: 760px)');

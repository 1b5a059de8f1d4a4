import { useCallback, useMemo } from 'react';
import { useSearch } from 'wouter';
import { navigate, search as written } from '@/routing/hash';
import { parseView, printView, START, type View } from './view';

export type Change = (change: Partial<View> | ((view: View) => View), options?: { replace?: boolean }) => void;

/** The view that the address holds, and how to change it. `replace` leaves no step for the back button. */
export function useView(start: Partial<View> = {}): [View, Change] {
  const search = useSearch();
  const first = useMemo(() => ({ ...START, ...start }), [start]);
  const view = useMemo(() => parseView(search, first), [search, first]);
  const change: Change = useCallback(
    (wanted, options) => {
      // Read anew: two changes in one breath must not undo each other.
      const current = parseView(written(), first);
      const next = typeof wanted === 'function' ? wanted(current) : { ...current, ...wanted };
      navigate(printView(next, first), options);
    },
    [first],
  );
  return [view, change];
}

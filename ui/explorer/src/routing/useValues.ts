import { useCallback, useMemo } from 'react';
import { useSearch } from 'wouter';
import { navigate } from './hash';

export type Changes = Readonly<Record<string, string | null>>;

/** The values after the `?` of an address, some of them changed; null and '' take a name away. */
export function changed(search: string, changes: Changes): string {
  const values = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') values.delete(name);
    else values.set(name, value);
  }
  return values.toString();
}

/** The values after the `?` of the address, and a way to change some; with `replace` the back button skips the change. */
export function useValues(): readonly [
  values: URLSearchParams,
  change: (changes: Changes, options?: { replace?: boolean }) => void,
] {
  const search = useSearch();
  const values = useMemo(() => new URLSearchParams(search), [search]);
  const change = useCallback(
    (changes: Changes, options?: { replace?: boolean }) => navigate(`?${changed(search, changes)}`, options),
    [search],
  );
  return [values, change];
}

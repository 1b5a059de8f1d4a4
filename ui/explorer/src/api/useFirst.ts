/** The beginning of a list whose pages may come short: for fields that offer what one may mean. */
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type ApiError, ask } from './client';
import type { TypedDocumentString } from './generated/graphql';
import type { Connection } from './useAnswers';

export interface First<Item> {
  items: readonly Item[];
  hasMore: boolean;
}

interface Options<Result, Item> {
  list: (result: Result) => Connection<Item>;
  /** How many items to look for. */
  wanted: number;
  enabled?: boolean;
}

/**
 * The first `wanted` items, or all there are. A limit on the service's work may end a page early, even without any item
 * on it; then the next page is asked for.
 */
export function useFirst<Result, Variables extends { after?: unknown }, Item>(
  document: TypedDocumentString<Result, Variables>,
  variables: Omit<Variables, 'after'>,
  { list, wanted, enabled = true }: Options<Result, Item>,
): UseQueryResult<First<Item>, ApiError> {
  return useQuery<First<Item>, ApiError>({
    queryKey: ['first', wanted, document.toString(), variables],
    queryFn: async ({ signal }) => {
      const items: Item[] = [];
      let after: string | null = null;
      do {
        const { nodes, pageInfo } = list(await ask(document, { ...variables, after } as unknown as Variables, signal));
        items.push(...nodes);
        after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
      } while (after !== null && items.length < wanted);
      return { items: items.slice(0, wanted), hasMore: after !== null || items.length > wanted };
    },
    placeholderData: keepPreviousData,
    enabled,
  });
}

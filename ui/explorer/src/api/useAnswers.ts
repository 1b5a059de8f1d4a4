/** A list that comes in pages, as one that grows: further pages are asked for as the end comes near. */
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type ApiError, ask } from './client';
import type { TypedDocumentString } from './generated/graphql';

/** A page of the service's. An empty one may still have more behind it. */
export interface Connection<Item> {
  nodes: readonly Item[];
  pageInfo: { endCursor?: string | null; hasNextPage: boolean };
}

export interface Answers<Result, Item> {
  /** Those that came so far. */
  items: readonly Item[];
  /** The first page's whole answer; undefined until it is there. */
  first: Result | undefined;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** What went wrong, with the first page (then `first` is undefined) or a further one. */
  error: ApiError | null;
  /** Asks for the next page; does nothing while one is on its way, after the last, or after an error. */
  more: () => void;
  /** Asks again for what went wrong. */
  retry: () => void;
  /** Forgets every page and begins with the first. */
  restart: () => void;
  /** Whether it still shows the answer to the question before. */
  isPrevious: boolean;
}

interface Options<Result, Item> {
  /** Where the list is in an answer; undefined where there is none. Must not change between renders. */
  list: (result: Result) => Connection<Item> | undefined | null;
  enabled?: boolean;
  /** Milliseconds after which the pages are asked for again: for what changes without an event. */
  refetchInterval?: number;
  /** Whoever asks keeps it up to date: events do not concern it, and it is not kept when nobody looks at it. */
  own?: boolean;
}

/** All pages of a question whose variable `after` is the cursor. */
export function useAnswers<Result, Variables extends { after?: unknown }, Item>(
  document: TypedDocumentString<Result, Variables>,
  variables: Omit<Variables, 'after'>,
  { list, enabled = true, refetchInterval, own = false }: Options<Result, Item>,
): Answers<Result, Item> {
  const client = useQueryClient();
  const queryKey = ['pages', document.toString(), variables];
  const query = useInfiniteQuery<Result, ApiError, InfiniteData<Result>, readonly unknown[], string | null>({
    queryKey,
    queryFn: ({ signal, pageParam }) => ask(document, { ...variables, after: pageParam } as Variables, signal),
    initialPageParam: null,
    getNextPageParam: (page) => {
      const info = list(page)?.pageInfo;
      return info?.hasNextPage ? info.endCursor : undefined;
    },
    placeholderData: keepPreviousData,
    enabled,
    refetchInterval: refetchInterval ?? false,
    ...(own && { meta: { still: true }, gcTime: 0, staleTime: Number.POSITIVE_INFINITY }),
  });
  const { data, error, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage, refetch } = query;
  const items = useMemo(() => itemsOf(data, list), [data, list]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetching && !error) fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  const retry = useCallback(() => {
    if (data) fetchNextPage();
    else refetch();
  }, [data, fetchNextPage, refetch]);
  const restart = (): void => void client.resetQueries({ queryKey, exact: true });
  return {
    items,
    first: data?.pages[0],
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    error,
    more,
    retry,
    restart,
    isPrevious: query.isPlaceholderData,
  };
}

const itemsOf = <Result, Item>(data: InfiniteData<Result> | undefined, list: Options<Result, Item>['list']): Item[] =>
  data?.pages.flatMap((page) => list(page)?.nodes ?? []) ?? [];

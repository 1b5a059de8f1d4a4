/** Questions to the service as React hooks: cached, cancelled when nobody waits, never asked again behind one's back. */
import { QueryClient, type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ApiError, ask } from './client';
import type { TypedDocumentString } from './generated/graphql';

/** Errors that the same question may not meet a moment later. */
export const PASSING: ReadonlySet<string> = new Set(['unreachable', 'database_unavailable', 'database_busy']);

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && PASSING.has(error.code),
      },
    },
  });
}

type Options<Result> = Pick<
  UseQueryOptions<Result, ApiError>,
  'enabled' | 'placeholderData' | 'refetchInterval' | 'meta'
>;

/** The answer to a question; `error` is an `ApiError`. The cache knows it by its text and variables. */
export function useAnswer<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  options: Options<Result> = {},
): UseQueryResult<Result, ApiError> {
  return useQuery<Result, ApiError>({
    queryKey: [document.toString(), variables],
    queryFn: ({ signal }) => ask(document, variables, signal),
    ...options,
  });
}

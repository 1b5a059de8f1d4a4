/** Writes as React hooks. What the service refuses is an error, as with questions. */
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, ask } from './client';
import type { TypedDocumentString } from './generated/graphql';

/** One field of a mutation's answer: what was done, or why not (it asks for `... on Failure { code message }`). */
type Refusal = { code: string; message: string };
type Done<Result> = Exclude<Result[keyof Result], Refusal | string | undefined>;

/** A mutation of one field. When it was done, the answers to `renews` (texts of documents) are asked for again. */
export function useWrite<Result extends object, Variables>(
  document: TypedDocumentString<Result, Variables>,
  renews: readonly string[],
): UseMutationResult<Done<Result>, ApiError, Variables> {
  const client = useQueryClient();
  return useMutation<Done<Result>, ApiError, Variables>({
    mutationFn: async (variables) => {
      const outcome = Object.values(await ask(document, variables))[0] as Refusal | Done<Result>;
      if (isRefusal(outcome)) throw new ApiError(outcome.code, outcome.message);
      return outcome;
    },
    onSuccess: () =>
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.some((part) => renews.includes(String(part))) }),
  });
}

const isRefusal = (outcome: unknown): outcome is Refusal =>
  typeof outcome === 'object' && outcome !== null && 'code' in outcome && 'message' in outcome;

/** GraphQL over HTTP: one request, its typed answer, or one kind of error. */
import type { TypedDocumentString } from './generated/graphql';
import { token } from './token';

/** What the service, or the way to it, had against a request. `code` is the service's stable word. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId?: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

interface GraphQLAnswer<Result> {
  data?: Result | null;
  errors?: { message: string; extensions?: { code?: string; requestId?: string } }[];
}

/** Asks; throws `ApiError` for whatever is not the whole answer. A partial answer is none: nothing is cut in silence. */
export async function ask<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    Accept: 'application/graphql-response+json',
  };
  const secret = token.get();
  if (secret) headers.Authorization = `Bearer ${secret}`;
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: document.toString(), variables }),
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('unreachable', 'The service does not answer. Is it running?');
  }
  return result<Result>(response, await body(response));
}

async function body(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError('unreadable', `What answered is not the service: status ${response.status}, and no JSON.`);
  }
}

function result<Result>(response: Response, answer: unknown): Result {
  const { data, errors } = answer as GraphQLAnswer<Result>;
  const first = errors?.[0];
  if (first) {
    throw new ApiError(first.extensions?.code ?? 'internal_error', first.message, first.extensions?.requestId);
  }
  if (data) return data;
  const refusal = answer as { error?: string; code?: string; requestId?: string };
  throw new ApiError(
    refusal.code ?? 'internal_error',
    refusal.error ?? `Status ${response.status}.`,
    refusal.requestId,
  );
}

import { graphql } from '@/api/generated';

export const REQUEST_LINE = graphql(`
  fragment RequestLine on RunRequest {
    requestId workflowSlug partitionKey state priority reason causes runId attempts maxAttempts owner leaseUntil dueAt
    lastError createdAt endedAt
  }
`);

export const REQUESTS = graphql(`
  query Requests($state: RunRequestState, $workflow: String, $after: String) {
    runRequests(first: 50, state: $state, workflow: $workflow, after: $after) {
      nodes { ...RequestLine }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

export const CANCEL = graphql(`
  mutation CancelRequest($id: String!) {
    cancelRunRequest(id: $id) {
      ... on RunRequestPayload { runRequest { requestId state } }
      ... on Failure { code message }
    }
  }
`);

export const RETRY = graphql(`
  mutation RetryRequest($id: String!) {
    retryRunRequest(id: $id) {
      ... on RunRequestPayload { runRequest { requestId state } }
      ... on Failure { code message }
    }
  }
`);

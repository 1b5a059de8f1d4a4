import { graphql } from '@/api/generated';

export const MARK = graphql(`
  mutation MarkStale($workflow: String!, $asset: String!, $partition: String, $note: String) {
    markStale(workflow: $workflow, assetId: $asset, partitionKey: $partition, note: $note) {
      ... on StaleMarkPayload { partitionKey }
      ... on Failure { code message }
    }
  }
`);

export const CLEAR = graphql(`
  mutation ClearStale($workflow: String!, $asset: String!, $partition: String) {
    clearStale(workflow: $workflow, assetId: $asset, partitionKey: $partition) {
      ... on StaleMarkPayload { partitionKey }
      ... on Failure { code message }
    }
  }
`);

import { graphql } from '@/api/generated';

export const WEBHOOKS = graphql(`
  query Webhooks {
    webhooks {
      id url description filter minimumImportance state pausedAt pauseReason failingSince lastError lastDeliveredAt
      pendingDeliveries missedEvents createdAt
    }
  }
`);

export const DELIVERIES = graphql(`
  query Deliveries($webhook: String!, $status: DeliveryStatus, $after: String) {
    webhookDeliveries(webhook: $webhook, status: $status, first: 50, after: $after) {
      nodes {
        id sequence eventType subject status attempts lastAttemptAt nextAttemptAt responseStatus error durationMs
        createdAt
      }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

export const SET_PAUSED = graphql(`
  mutation SetWebhookPaused($id: String!, $paused: Boolean!) {
    setWebhookPaused(id: $id, paused: $paused) {
      ... on WebhookPayload { webhook { id state } }
      ... on Failure { code message }
    }
  }
`);

export const TEST = graphql(`
  mutation TestWebhook($id: String!) {
    testWebhook(id: $id) {
      ... on WebhookTest { delivered responseStatus error durationMs }
      ... on Failure { code message }
    }
  }
`);

export const REDELIVER = graphql(`
  mutation Redeliver($webhook: String!, $delivery: String!) {
    redeliver(webhook: $webhook, delivery: $delivery) {
      ... on DeliveryPayload { delivery { id status } }
      ... on Failure { code message }
    }
  }
`);

/** Attempts leave no event; while somebody looks, they are asked for. */
export const REFRESH_MS = 3000;

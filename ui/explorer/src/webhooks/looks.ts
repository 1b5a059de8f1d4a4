/** The words, colours and shapes of webhooks and deliveries, and what a filter says. */
import type { DeliveryStatus, WebhookState } from '@/api/generated/graphql';
import type { StateLook } from '@/format/states';
import { links } from '@/routing/links';

export const WEBHOOK: Record<WebhookState, StateLook> = {
  ACTIVE: { word: 'Active', tone: 'fresh', shape: 'disc', meaning: 'It takes what it is sent.' },
  FAILING: { word: 'Failing', tone: 'due', shape: 'clock', meaning: 'The last attempt failed; it is tried again.' },
  PAUSED: { word: 'Paused', tone: 'stale', shape: 'square', meaning: 'Nothing is sent until somebody resumes it.' },
};

export const DELIVERY: Record<DeliveryStatus, StateLook> = {
  PENDING: { word: 'Pending', tone: 'due', shape: 'clock', meaning: 'It is to be sent, once more or at all.' },
  DELIVERED: { word: 'Delivered', tone: 'fresh', shape: 'disc', meaning: 'The address took it.' },
  FAILED: { word: 'Failed', tone: 'expired', shape: 'cross', meaning: 'It was given up.' },
};

interface Filter {
  types?: readonly string[];
  assets?: readonly string[];
  workflows?: readonly string[];
  upstreamOf?: string;
}

/** "asset.changed, asset.expired of sales.*, upstream of report"; without a filter "everything". */
export function wordsOf(filter: unknown): string {
  const { types = [], assets = [], workflows = [], upstreamOf } = (filter ?? {}) as Filter;
  const parts = [
    types.length > 0 ? types.join(', ') : 'everything',
    assets.length > 0 && `of ${assets.join(', ')}`,
    workflows.length > 0 && `from ${workflows.join(', ')}`,
    upstreamOf && `upstream of ${upstreamOf}`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** Where the thing is that an event of this type is about. */
export function linkTo(eventType: string, subject: string): string {
  if (eventType.startsWith('asset.')) return links.asset(subject);
  return eventType.startsWith('workflow.') ? links.workflow(subject) : links.run(subject);
}

/** The words, colours and shapes of requests for runs, and what a cause of one is. */
import type { RunRequestState } from '@/api/generated/graphql';
import type { StateLook } from '@/format/states';

export const REQUEST: Record<RunRequestState, StateLook> = {
  WAITING: { word: 'Waiting', tone: 'none', shape: 'dashed', meaning: 'No orchestrator has claimed it.' },
  CLAIMED: { word: 'Claimed', tone: 'due', shape: 'play', meaning: 'An orchestrator carries it out.' },
  SUCCEEDED: { word: 'Succeeded', tone: 'fresh', shape: 'disc', meaning: 'Its run ended well.' },
  FAILED: { word: 'Failed', tone: 'expired', shape: 'cross', meaning: 'It was given up: no attempt is left.' },
  CANCELED: { word: 'Canceled', tone: 'none', shape: 'square', meaning: 'It was called off.' },
};

export const isOpen = (state: RunRequestState): boolean => state === 'WAITING' || state === 'CLAIMED';

/** What may lead to a request; everything that is told of it. Assets by their ids as they were written. */
export interface Cause {
  event?: number;
  type?: string;
  assetId?: string;
  partitionKey?: string | null;
  requestId?: string;
}

/** The causes of a request, the nearest first; what is not told in a known form is left out. */
export function causesOf(told: unknown): Cause[] {
  if (!Array.isArray(told)) return [];
  return told.filter((each): each is Cause => typeof each === 'object' && each !== null && !Array.isArray(each));
}

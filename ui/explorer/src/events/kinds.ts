/** What can happen, in words: how a line of the feed begins, and the kinds that one chooses from. */
import type { EventType, RunStatus, StepStatus } from '@/api/generated/graphql';
import { INVALID, RUN, STEP, type StateLook } from '@/format/states';

/** Kinds in the order in which they are offered. */
export const KINDS = {
  produced: { text: 'Produced', types: ['ASSET_PRODUCED'] },
  changed: { text: 'Changed', types: ['ASSET_CHANGED'] },
  invalid: { text: 'Invalid', types: ['ASSET_INVALID'] },
  expired: { text: 'Expired', types: ['ASSET_EXPIRED'] },
  marks: { text: 'Marked stale', types: ['ASSET_STALE_MARKED', 'ASSET_STALE_CLEARED'] },
  runs: { text: 'Runs', types: ['RUN_REQUESTED', 'RUN_STARTED', 'RUN_FINISHED', 'RUN_REQUEST_ENDED'] },
  steps: { text: 'Steps', types: ['STEP_FINISHED'] },
  definitions: { text: 'Definitions', types: ['WORKFLOW_REGISTERED', 'WORKFLOW_DELETED'] },
} as const satisfies Record<string, { text: string; types: readonly EventType[] }>;

export type Kind = keyof typeof KINDS;

const LOOKS: Record<Exclude<EventType, 'RUN_FINISHED' | 'STEP_FINISHED'>, StateLook> = {
  ASSET_PRODUCED: { word: 'Produced', tone: 'fresh', shape: 'disc', meaning: 'There is a new version.' },
  ASSET_CHANGED: {
    word: 'Changed',
    tone: 'due',
    shape: 'square',
    meaning: 'The newest version has another payload than the one before.',
  },
  ASSET_INVALID: INVALID,
  ASSET_EXPIRED: { word: 'Expired', tone: 'expired', shape: 'diamond', meaning: 'The newest version passed its time.' },
  ASSET_STALE_MARKED: {
    word: 'Marked stale',
    tone: 'stale',
    shape: 'square',
    meaning: 'Somebody said that it is not to be relied on.',
  },
  ASSET_STALE_CLEARED: {
    word: 'Mark cleared',
    tone: 'fresh',
    shape: 'ring',
    meaning: 'It was produced again, or the mark was taken back.',
  },
  WORKFLOW_REGISTERED: {
    word: 'Registered',
    tone: 'none',
    shape: 'ring',
    meaning: 'The workflow has a new definition.',
  },
  WORKFLOW_DELETED: {
    word: 'Deleted',
    tone: 'none',
    shape: 'dashed',
    meaning: 'The workflow is gone; its past is kept.',
  },
  RUN_REQUESTED: { word: 'Run requested', tone: 'none', shape: 'dashed', meaning: 'Somebody asked for a run.' },
  RUN_REQUEST_ENDED: {
    word: 'Request ended',
    tone: 'none',
    shape: 'square',
    meaning: 'Nothing of the request for a run is tried any more.',
  },
  RUN_STARTED: { word: 'Run started', tone: 'due', shape: 'play', meaning: 'The run has begun.' },
};

/** `data` is the event's: it says how a run or a step ended. */
export function lookOf(type: EventType, data: Readonly<Record<string, unknown>>): StateLook {
  if (type !== 'RUN_FINISHED' && type !== 'STEP_FINISHED') return LOOKS[type];
  const [what, status] = [type === 'RUN_FINISHED' ? 'Run' : 'Step', String(data.status).toUpperCase()];
  const look = type === 'RUN_FINISHED' ? RUN[status as RunStatus] : STEP[status as StepStatus];
  return { ...look, word: `${what} ${look.word.toLowerCase()}` };
}

export interface Downstream {
  assets: number;
  workflows: number;
  /** False: at least so many. */
  complete: boolean;
}

/** How many depend on the asset of an event; null where that is not said. */
export function downstreamOf({ downstream }: Readonly<Record<string, unknown>>): Downstream | null {
  if (typeof downstream !== 'object' || downstream === null) return null;
  const { assets, workflows, complete } = downstream as Record<string, unknown>;
  if (typeof assets !== 'number' || typeof workflows !== 'number') return null;
  return { assets, workflows, complete: complete === true };
}

/** The words, colours and shapes of states. Colour never stands alone: each state has a shape and a word. */
import type { FreshnessState, RunStatus, StepStatus } from '@/api/generated/graphql';

export type Tone = 'fresh' | 'due' | 'stale' | 'expired' | 'none';
export type Shape = 'disc' | 'clock' | 'square' | 'diamond' | 'ring' | 'dashed' | 'cross' | 'play';

export interface StateLook {
  word: string;
  tone: Tone;
  shape: Shape;
  /** What it means, in a sentence. */
  meaning: string;
}

export const FRESHNESS: Record<FreshnessState, StateLook> = {
  FRESH: { word: 'Fresh', tone: 'fresh', shape: 'disc', meaning: 'The newest version is within its declared limits.' },
  DUE: { word: 'Due', tone: 'due', shape: 'clock', meaning: 'The next version is due by its cadence.' },
  STALE: { word: 'Stale', tone: 'stale', shape: 'square', meaning: 'The newest version should be made again.' },
  EXPIRED: { word: 'Expired', tone: 'expired', shape: 'diamond', meaning: 'The newest version has passed its time.' },
  MISSING: { word: 'Missing', tone: 'stale', shape: 'dashed', meaning: 'It was never produced.' },
  UNKNOWN: { word: 'No limits', tone: 'none', shape: 'ring', meaning: 'Nothing is declared about its freshness.' },
};

const SUCCEEDED: StateLook = { word: 'Succeeded', tone: 'fresh', shape: 'disc', meaning: 'It ended well.' };
const FAILED: StateLook = { word: 'Failed', tone: 'expired', shape: 'cross', meaning: 'It ended with an error.' };
const RUNNING: StateLook = { word: 'Running', tone: 'due', shape: 'play', meaning: 'It has begun and not ended.' };
const PENDING: StateLook = { word: 'Pending', tone: 'none', shape: 'dashed', meaning: 'It has not begun.' };

export const RUN: Record<RunStatus, StateLook> = {
  SUCCEEDED,
  FAILED,
  RUNNING,
  PENDING,
  CANCELED: { word: 'Canceled', tone: 'none', shape: 'square', meaning: 'It was called off.' },
};

export const STEP: Record<StepStatus, StateLook> = {
  SUCCEEDED,
  FAILED,
  RUNNING,
  PENDING,
  SKIPPED: { word: 'Skipped', tone: 'none', shape: 'ring', meaning: 'It had nothing to do.' },
};

export const INVALID: StateLook = {
  word: 'Invalid',
  tone: 'expired',
  shape: 'cross',
  meaning: 'The payload does not fit its schema.',
};

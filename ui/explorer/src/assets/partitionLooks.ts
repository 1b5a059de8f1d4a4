/** How a partition looks in a strip or a table, and in what order a strip shows them. */
import { FRESHNESS, INVALID, type StateLook } from '@/format/states';

const PRODUCED: StateLook = {
  word: 'Produced',
  tone: 'fresh',
  shape: 'disc',
  meaning: 'There is a version of it, and nobody marked it.',
};

interface Partition {
  isStale: boolean;
  latest?: { valid: boolean } | null;
}

/** The gravest of what is known of it. */
export function lookOf({ isStale, latest }: Partition): StateLook {
  if (!latest) return FRESHNESS.MISSING;
  if (isStale) return { ...FRESHNESS.STALE, meaning: 'Somebody marked it as stale.' };
  return latest.valid ? PRODUCED : INVALID;
}

/** Time goes from left to right, where partitions are windows of it; those come newest first. */
export function inStrip<Item>(partitions: readonly Item[], partitioning: unknown): readonly Item[] {
  const isTime = (partitioning as { type?: unknown } | null)?.type === 'timeWindow';
  return isTime ? partitions.toReversed() : partitions;
}

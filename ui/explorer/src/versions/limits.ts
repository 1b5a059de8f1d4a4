import { duration } from '@/format/time';

const NAMES = [
  ['ttlMs', 'Expires after'],
  ['cadenceMs', 'Due every'],
  ['maxAgeMs', 'Stale after'],
] as const;

/** Freshness limits, a JSON object, as names and durations; what is not declared is left out. */
export function limits(freshness: unknown): [name: string, time: string][] {
  if (typeof freshness !== 'object' || freshness === null) return [];
  const declared = freshness as Record<string, unknown>;
  return NAMES.flatMap(([key, name]) => {
    const ms = declared[key];
    return typeof ms === 'number' ? [[name, duration(ms)] as [string, string]] : [];
  });
}

/** The same in one line. */
export const limitsLine = (freshness: unknown): string =>
  limits(freshness)
    .map(([name, time]) => `${name.toLowerCase()} ${time}`)
    .join(', ');

import { expect, it } from 'vitest';
import { limits, limitsLine } from './limits';

it('names what is declared, as durations', () => {
  expect(limits({ cadenceMs: 3_600_000, ttlMs: 93_600_000 })).toEqual([
    ['Expires after', '1 d 2 h'],
    ['Due every', '1 h'],
  ]);
  expect(limitsLine({ maxAgeMs: 60_000 })).toBe('stale after 1 min');
});

it('is nothing where nothing is declared', () => {
  expect(limits(null)).toEqual([]);
  expect(limits({ ttlMs: null, other: 3 })).toEqual([]);
});

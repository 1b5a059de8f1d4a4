import { expect, test } from 'vitest';
import { inStrip, lookOf } from './partitionLooks';

test.each([
  [{ isStale: false, latest: null }, 'Missing'],
  [{ isStale: true, latest: null }, 'Missing'],
  [{ isStale: true, latest: { valid: false } }, 'Stale'],
  [{ isStale: false, latest: { valid: false } }, 'Invalid'],
  [{ isStale: false, latest: { valid: true } }, 'Produced'],
])('%j is %s', (partition, word) => {
  expect(lookOf(partition).word).toBe(word);
});

test('windows of time go from the oldest to the newest, others stay as they came', () => {
  expect(inStrip([3, 2, 1], { type: 'timeWindow' })).toEqual([1, 2, 3]);
  expect(inStrip(['b', 'a'], { type: 'static' })).toEqual(['b', 'a']);
  expect(inStrip(['b', 'a'], null)).toEqual(['b', 'a']);
});

import { expect, test } from 'vitest';
import { backOff } from './backOff';

test('each wait is twice the one before, up to half a minute', () => {
  expect([0, 1, 2, 5, 6, 7, 1000].map((failures) => backOff(failures, 1))).toEqual([
    500, 1000, 2000, 16_000, 30_000, 30_000, 30_000,
  ]);
});

test('chance takes up to half of it away', () => {
  expect(backOff(1, 0)).toBe(500);
  expect(backOff(1, 0.5)).toBe(750);
});

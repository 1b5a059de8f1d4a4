import { expect, it } from 'vitest';
import { type Arrival, type Arrivals, arrive, MOST_NEW, NONE } from './arrivals';

const after = (...arrivals: Arrival<number>[]): Arrivals<number> => arrivals.reduce(arrive<number>, NONE);
const came = (...items: number[]): Arrival<number> => ({ type: 'came', items, hold: false });
const held = (...items: number[]): Arrival<number> => ({ type: 'came', items, hold: true });

it('puts the newest on top', () => {
  expect(after(came(1, 2), came(3))).toEqual({ shown: [3, 2, 1], held: [], overflown: false });
});

it('holds back what comes while somebody reads', () => {
  expect(after(came(1), held(2, 3), held(4))).toEqual({ shown: [1], held: [4, 3, 2], overflown: false });
  expect(after(came(1), held(2, 3), held(4), { type: 'released' }).shown).toEqual([4, 3, 2, 1]);
});

it('lets what was held go along with the next that is not', () => {
  expect(after(held(1, 2), came(3))).toEqual({ shown: [3, 2, 1], held: [], overflown: false });
});

it('keeps so many and no more', () => {
  const many = Array.from({ length: MOST_NEW }, (_, index) => index);
  expect(after(held(...many)).overflown).toBe(false);
  const full = after(held(...many), held(-1));
  expect(full.overflown).toBe(true);
  expect(arrive(full, held(-2))).toBe(full);
  expect(arrive(full, { type: 'cleared' })).toEqual(NONE);
});

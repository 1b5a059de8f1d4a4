import { expect, test } from 'vitest';
import { depthOf } from './depth';

test('whole numbers are hops', () => {
  expect(['1', '12', '9999'].map(depthOf)).toEqual([1, 12, 9999]);
});

test('whatever else is all of them', () => {
  expect([null, '', '0', '-1', '1.5', '1e3', '010', ' 1', '10000', 'all'].map(depthOf)).toEqual(Array(10).fill(null));
});

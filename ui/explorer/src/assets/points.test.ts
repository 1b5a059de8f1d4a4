import { expect, it } from 'vitest';
import { pointsOf } from './points';

const version = (number: number, payload: unknown, partitionKey: string | null = null) => ({
  snapshotId: `s${number}`,
  producedAt: `2026-03-0${number}T00:00:00.000Z`,
  version: number,
  partitionKey,
  valid: number !== 2,
  payload,
});

it('gives the number of each version that has one, the earliest first', () => {
  const points = pointsOf([version(3, { n: 30 }, 'p'), version(2, { n: 20 }), version(1, { n: 'ten' })], '/n');
  expect(points.map((point) => [point.snapshotId, point.value, point.valid, point.title])).toEqual([
    ['s2', 20, false, 'v2'],
    ['s3', 30, true, 'p v3'],
  ]);
});

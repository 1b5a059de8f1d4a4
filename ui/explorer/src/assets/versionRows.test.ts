import { describe, expect, it } from 'vitest';
import { day } from '@/format/time';
import { inOrder, toggled, type Version, versionRows } from './versionRows';

const version = (id: string, at: Date, payloadDigest = id, partitionKey: string | null = null): Version => ({
  snapshotId: id,
  assetId: 'a',
  version: 1,
  partitionKey,
  producedAt: at.toISOString(),
  valid: true,
  workflowSlug: 'w',
  runId: 'r',
  stepId: 's',
  stepName: 's',
  attempt: 1,
  payloadDigest,
});
/** Local time: days are the reader's. */
const at = (day: number, hour = 12): Date => new Date(2026, 2, day, hour);
const same = (versions: Version[]) =>
  versionRows(versions).rows.flatMap((row) => ('version' in row && row.isSame ? row.version.snapshotId : []));

describe('versionRows', () => {
  const shown = (versions: Version[]) =>
    versionRows(versions).rows.map((row) => ('heading' in row ? row.heading : row.version.snapshotId));

  it('puts a heading above each day', () => {
    const four = [version('d', at(3, 5)), version('c', at(3)), version('b', at(2, 23)), version('a', at(2, 0))];
    expect(shown(four)).toEqual([day(at(3).toISOString()), 'd', 'c', day(at(2).toISOString()), 'b', 'a']);
  });

  it('puts one above each month where a day has hardly more than one version', () => {
    const march = [version('b', at(2)), version('a', at(1)), version('z', new Date(2026, 1, 28, 12))];
    expect(shown(march)).toEqual(['March 2026', 'b', 'a', 'February 2026', 'z']);
  });

  it('marks a version that holds the same as the one before', () => {
    expect(same([version('c', at(3), 'x'), version('b', at(2), 'x'), version('a', at(1), 'y')])).toEqual(['c']);
  });

  it('compares within a partition', () => {
    const versions = [
      version('p2', at(4), 'x', 'p'),
      version('q1', at(3), 'x', 'q'),
      version('p1', at(2), 'x', 'p'),
      version('q0', at(1), 'y', 'q'),
    ];
    expect(same(versions)).toEqual(['p2']);
  });
});

it('chooses at most two versions, the last ones', () => {
  expect(toggled([], 'a')).toEqual(['a']);
  expect(toggled(['a', 'b'], 'c')).toEqual(['b', 'c']);
  expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
});

it('compares the earlier version with the later one', () => {
  const history = [version('new', at(3)), version('old', at(1))];
  expect(inOrder(['new', 'old'], history)).toEqual(['old', 'new']);
  expect(inOrder(['old', 'new'], history)).toEqual(['old', 'new']);
});

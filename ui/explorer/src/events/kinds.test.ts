import { describe, expect, it } from 'vitest';
import { downstreamOf, KINDS, lookOf } from './kinds';

describe('kinds', () => {
  it('hold each type once', () => {
    const types = Object.values(KINDS).flatMap((kind): readonly string[] => kind.types);
    expect(new Set(types).size).toBe(types.length);
  });
});

describe('a line begins', () => {
  it('with what happened', () => {
    expect(lookOf('ASSET_PRODUCED', {}).word).toBe('Produced');
    expect(lookOf('ASSET_STALE_MARKED', {})).toMatchObject({ word: 'Marked stale', tone: 'stale' });
    expect(lookOf('ASSET_INVALID', {})).toMatchObject({ word: 'Invalid', shape: 'cross' });
  });

  it('with how a run or a step ended', () => {
    expect(lookOf('RUN_FINISHED', { status: 'failed' })).toMatchObject({ word: 'Run failed', tone: 'expired' });
    expect(lookOf('RUN_FINISHED', { status: 'canceled' }).word).toBe('Run canceled');
    expect(lookOf('STEP_FINISHED', { status: 'skipped' })).toMatchObject({ word: 'Step skipped', shape: 'ring' });
  });
});

describe('what depends on an asset', () => {
  it('is what the event says', () => {
    const downstream = { assets: 3, workflows: 2, complete: false };
    expect(downstreamOf({ downstream })).toEqual(downstream);
  });

  it('is nothing where it says nothing', () => {
    expect(downstreamOf({})).toBeNull();
    expect(downstreamOf({ downstream: null })).toBeNull();
    expect(downstreamOf({ downstream: { assets: 'many' } })).toBeNull();
  });
});

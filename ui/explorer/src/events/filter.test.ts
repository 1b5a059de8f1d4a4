import { describe, expect, it } from 'vitest';
import { filterOf, isFiltered, toggled, variablesOf } from './filter';

const read = (search: string) => filterOf(new URLSearchParams(search));

describe('the address', () => {
  it('holds nothing: everything is shown', () => {
    expect(isFiltered(read(''))).toBe(false);
    expect(variablesOf(read(''))).toEqual({ types: null, assets: null, workflows: null, upstreamOf: null });
  });

  it('holds all that is asked', () => {
    const filter = read('kinds=runs,changed&asset=sales.*&workflow=w&upstreamOf=report');
    expect(isFiltered(filter)).toBe(true);
    expect(variablesOf(filter)).toEqual({
      types: ['ASSET_CHANGED', 'RUN_REQUESTED', 'RUN_STARTED', 'RUN_FINISHED', 'RUN_REQUEST_ENDED'],
      assets: ['sales.*'],
      workflows: ['w'],
      upstreamOf: 'report',
    });
  });

  it('may hold what no page knows', () => {
    expect(isFiltered(read('kinds=nonsense,toString&other=1'))).toBe(false);
  });
});

describe('a kind', () => {
  it('is added and taken away, always in the same order', () => {
    expect(toggled([], 'runs')).toBe('runs');
    expect(toggled(['runs'], 'changed')).toBe('changed,runs');
    expect(toggled(['changed', 'runs'], 'runs')).toBe('changed');
    expect(toggled(['changed'], 'changed')).toBeNull();
  });
});

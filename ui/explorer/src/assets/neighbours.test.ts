import { describe, expect, it } from 'vitest';
import type { PanelWalkFragment } from '@/api/generated/graphql';
import { stepsBeside } from './neighbours';

const step = (workflow: string, id: string) => ({
  key: `${workflow}/${id}`,
  stepId: id,
  name: id,
  workflowSlug: workflow,
  workflowName: workflow,
});
const asset = (key: string) => ({ key, assetId: key.toUpperCase() });

const down: PanelWalkFragment = {
  assets: ['root', 'b', 'a', 'c'].map(asset),
  edges: [
    { source: 'root', step: 'w/one', target: 'b' },
    { source: 'root', step: 'w/one', target: 'a' },
    { source: 'root', step: 'v/two', target: 'c' },
    { source: 'a', step: 'w/other', target: 'c' },
  ],
  steps: [step('w', 'one'), step('v', 'two'), step('w', 'other')],
};

describe('stepsBeside', () => {
  it('groups the assets on the other side by step, steps by workflow', () => {
    const steps = stepsBeside('root', 'downstream', down, []);
    expect(steps.map((each) => [each.key, each.assets])).toEqual([
      ['v/two', ['C']],
      ['w/one', ['A', 'B']],
    ]);
  });

  it('goes the other way upstream', () => {
    const up: PanelWalkFragment = { ...down, edges: [{ source: 'a', step: 'w/one', target: 'root' }] };
    expect(stepsBeside('root', 'upstream', up, []).map((each) => each.assets)).toEqual([['A']]);
  });

  it('adds steps with nothing on their other side, and no step twice', () => {
    const steps = stepsBeside('root', 'downstream', down, [step('w', 'sink'), step('w', 'one')]);
    expect(steps.map((each) => [each.key, each.assets.length])).toEqual([
      ['v/two', 1],
      ['w/one', 2],
      ['w/sink', 0],
    ]);
  });

  it('counts an asset that a step reads and writes', () => {
    const loop: PanelWalkFragment = {
      assets: [asset('root')],
      edges: [{ source: 'root', step: 'w/one', target: 'root' }],
      steps: [step('w', 'one')],
    };
    expect(stepsBeside('root', 'downstream', loop, [])[0]?.assets).toEqual(['ROOT']);
  });
});

import { expect, it } from 'vitest';
import { see } from './model';
import { graph } from './sample';
import { along } from './way';

const sub = graph(['a > w/1 > b', 'a > w/2 > b', 'b > v/x|a|b > c', 'a > w/3 > c']);
const hops = [
  { source: 'a', target: 'b' },
  { source: 'b', target: 'c' },
];
const view = { closed: [], steps: false, grouped: false, folded: [] };
const marked = (more: Partial<{ steps: boolean; grouped: boolean; folded: string[] }>): string[] =>
  [...along(see(sub, new Set(['a']), { ...view, ...more }).lines, hops)].sort();

it('runs along the lines between its assets and no other', () => {
  expect(marked({})).toEqual(['asset:a>asset:b', 'asset:b>asset:c']);
});

it('runs through steps, all that make a hop', () => {
  expect(marked({ steps: true })).toEqual([
    'asset:a>step:w/1',
    'asset:a>step:w/2',
    'asset:b>step:v/x|a|b',
    'step:v/x|a|b>asset:c',
    'step:w/1>asset:b',
    'step:w/2>asset:b',
  ]);
});

it('runs to and from a box that is shut', () => {
  expect(marked({ grouped: true, folded: ['v'] })).toEqual(['asset:a>asset:b', 'asset:b>group:v']);
});

it('is none without hops', () => {
  expect([...along(see(sub, new Set(['a']), view).lines, [])]).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { changeOf, compare, type Instant } from './changes';
import type { Subgraph } from './facts';
import { see } from './model';
import { graph } from './sample';

const at = (subgraph: Subgraph, reached = subgraph.assets.map((asset) => asset.key)): Instant => ({
  reached: new Set(reached),
  subgraph,
});
const NOTHING = at(graph([]));

const told = (changes: ReadonlyMap<string, string>): Record<string, string> => Object.fromEntries(changes);

describe('between two instants', () => {
  it('nothing changes where nothing did', () => {
    const same = graph(['a > w/1 > b', 'b > w/2 > a', 'a > w/3 > a'], { a: { version: 3 } });
    const changes = compare(at(same), at(structuredClone(same)));
    expect(told(changes.cards)).toEqual({});
    expect(told(changes.edges)).toEqual({});
    expect(changes.counts).toEqual({ added: 0, gone: 0, changed: 0 });
    const steps = [...changes.union.steps].sort((one, other) => (one.key < other.key ? -1 : 1));
    expect({ ...changes.union, steps }).toEqual(same);
  });

  it('nothing is there at either', () => {
    expect(compare(NOTHING, NOTHING).union).toEqual({ assets: [], steps: [], edges: [] });
  });

  it('all is added after nothing, and gone before it; steps count for none', () => {
    const all = graph(['a > w/1 > b']);
    const cards = { 'asset:a': 'added', 'asset:b': 'added', 'step:w/1': 'added' };
    const added = compare(NOTHING, at(all));
    expect(told(added.cards)).toEqual(cards);
    expect(told(added.edges)).toEqual({ 'a|w/1|b': 'added' });
    expect(added.counts).toEqual({ added: 2, gone: 0, changed: 0 });
    const gone = compare(at(all), NOTHING);
    expect(Object.keys(told(gone.cards)).sort()).toEqual(Object.keys(cards));
    expect(new Set(gone.cards.values())).toEqual(new Set(['gone']));
    expect(gone.union.assets).toHaveLength(2);
  });

  it('an asset changes with its newest version, and its facts are those of the later', () => {
    const changes = compare(
      at(graph(['a > w/1 > b'], { a: { version: 1 } })),
      at(graph(['a > w/1 > b'], { a: { version: 4 } })),
    );
    expect(told(changes.cards)).toEqual({ 'asset:a': 'changed' });
    expect(changes.union.assets[0]?.latest?.version).toBe(4);
    expect(told(changes.versionsBefore as never)).toEqual({ a: 1 });
  });

  it('an asset changes with the steps that make it', () => {
    const changes = compare(at(graph(['a > w/1 > b'])), at(graph(['a > w/2 > b'])));
    expect(told(changes.cards)).toEqual({ 'asset:b': 'changed', 'step:w/1': 'gone', 'step:w/2': 'added' });
    expect(told(changes.edges)).toEqual({ 'a|w/1|b': 'gone', 'a|w/2|b': 'added' });
  });

  it('steps whose names hold blanks are not taken for two', () => {
    const changes = compare(at(graph([], { a: { by: ['w/x w/y'] } })), at(graph([], { a: { by: ['w/x', 'w/y'] } })));
    expect(changes.cards.get('asset:a')).toBe('changed');
  });

  it('a step that begins or ceases to make something of nothing is told, too', () => {
    const changes = compare(at(graph([], { a: { by: ['w/old'] } })), at(graph([], { a: { by: ['w/new'] } })));
    expect(told(changes.cards)).toEqual({ 'asset:a': 'changed', 'step:w/old': 'gone', 'step:w/new': 'added' });
  });

  it('what the walk did not reach at an instant was not there, nor were its edges', () => {
    const all = graph(['a > w/1 > b', 'b > w/2 > c']);
    const changes = compare(at(all, ['a', 'b']), at(all));
    expect(told(changes.cards)).toEqual({ 'asset:c': 'added', 'step:w/2': 'added' });
    expect(told(changes.edges)).toEqual({ 'b|w/2|c': 'added' });
  });

  it('neighbours that are gone do not pass for hidden ones', () => {
    const before = graph(['x > w/1 > a', 'y > w/1 > a'], {});
    const after = graph(['z > w/2 > a'], { a: { moreUp: 2 } });
    const { union } = compare(at(before), at(after));
    const cards = see(union, new Set(['a']), { closed: [], steps: false, grouped: false, folded: [] }).cards;
    const card = cards.find(({ id }) => id === 'asset:a');
    expect(cards).toHaveLength(4);
    expect(card).toMatchObject({ hidden: { up: 2, down: 0 } });
  });

  it('a neighbour that lost one of two edges is no neighbour more', () => {
    const { union } = compare(at(graph(['x > w/1 > a', 'x > w/2 > a'])), at(graph(['x > w/1 > a'])));
    expect(union.assets.find(({ key }) => key === 'a')?.upstreamCount).toBe(1);
  });
});

describe('a line', () => {
  const line = (...edges: string[]) => ({ id: 'a>b', source: 'a', target: 'b', steps: [], edges });
  const changes = new Map([
    ['1', 'added'],
    ['2', 'added'],
    ['3', 'gone'],
  ] as const);

  it('changes as all of its edges do', () => {
    expect(changeOf(line('1', '2'), changes)).toBe('added');
    expect(changeOf(line('3'), changes)).toBe('gone');
    expect(changeOf(line('same', 'other'), changes)).toBeUndefined();
  });

  it('is changed where they differ', () => {
    expect(changeOf(line('1', '3'), changes)).toBe('changed');
    expect(changeOf(line('same', '1'), changes)).toBe('changed');
  });

  it('of no edges stays', () => {
    expect(changeOf(line(), changes)).toBeUndefined();
  });
});

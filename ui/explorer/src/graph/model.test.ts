import { describe, expect, it } from 'vitest';
import type { Subgraph } from './facts';
import { type AssetCard, edgeKey, type Seen, see, worst } from './model';
import { graph } from './sample';
import type { View } from './view';

const PLAIN: Pick<View, 'closed' | 'steps' | 'grouped' | 'folded'> = {
  closed: [],
  steps: false,
  grouped: false,
  folded: [],
};

const look = (subgraph: Subgraph, roots: string[], view: Partial<typeof PLAIN> = {}): Seen =>
  see(subgraph, new Set(roots), { ...PLAIN, ...view });

const ids = (seen: Seen): string[] => seen.cards.map((card) => card.id).sort();
const ends = (seen: Seen): string[] => seen.lines.map((line) => line.id).sort();
const asset = (seen: Seen, key: string): AssetCard =>
  seen.cards.find((card) => card.id === `asset:${key}`) as AssetCard;

describe('assets alone', () => {
  it('is nothing of nothing', () => {
    expect(look(graph([]), ['a'])).toEqual({ cards: [], lines: [], boxes: [] });
    expect(look(graph([]), [], { steps: true, grouped: true, folded: ['w'] })).toEqual({
      cards: [],
      lines: [],
      boxes: [],
    });
  });

  it('leaves out what no way leads to from a root', () => {
    const seen = look(graph(['a > w/1 > b', 'c > w/2 > d']), ['a']);
    expect(ids(seen)).toEqual(['asset:a', 'asset:b']);
    expect(ends(seen)).toEqual(['asset:a>asset:b']);
  });

  it('walks against the edges too, and through cycles to an end', () => {
    const seen = look(graph(['a > w/1 > b', 'b > w/2 > c', 'c > w/3 > a', 'd > w/4 > c']), ['b']);
    expect(ids(seen)).toEqual(['asset:a', 'asset:b', 'asset:c', 'asset:d']);
    expect(seen.lines).toHaveLength(4);
  });

  it('marks the roots, and knows no root that is not there', () => {
    const seen = look(graph(['a > w/1 > b']), ['b', 'gone']);
    expect(asset(seen, 'a').root).toBe(false);
    expect(asset(seen, 'b').root).toBe(true);
    expect(ids(seen)).toHaveLength(2);
  });

  it('draws parallel steps as one line that names both, and keeps what it stands for', () => {
    const [line, ...others] = look(graph(['a > w/1 > b', 'a > w/2 > b']), ['a']).lines;
    expect(others).toEqual([]);
    expect(line?.steps.map((step) => step.key)).toEqual(['w/1', 'w/2']);
    expect(line?.edges).toEqual(['a|w/1|b', 'a|w/2|b']);
  });

  it('draws there and back as two lines', () => {
    expect(ends(look(graph(['a > w/1 > b', 'b > w/2 > a']), ['a']))).toEqual(['asset:a>asset:b', 'asset:b>asset:a']);
  });

  it('draws a step that reads what it writes, which hides and shows no neighbour', () => {
    const seen = look(graph(['a > w/1 > a']), ['a']);
    expect(ends(seen)).toEqual(['asset:a>asset:a']);
    expect(asset(seen, 'a').hidden).toEqual({ up: 0, down: 0 });
    expect(asset(seen, 'a').shown).toEqual({ up: false, down: false });
  });

  it('counts neighbours that are there and not shown, each once whatever the steps between', () => {
    const seen = look(graph(['a > w/1 > b', 'a > w/2 > b'], { b: { moreUp: 3, moreDown: 2 } }), ['b']);
    expect(asset(seen, 'b').hidden).toEqual({ up: 3, down: 2 });
    expect(asset(seen, 'b').shown).toEqual({ up: true, down: false });
    expect(asset(seen, 'a').hidden).toEqual({ up: 0, down: 0 });
  });

  it('never hides fewer than none, should the counts be older than the edges', () => {
    const stale = graph(['a > w/1 > b']);
    const counts = stale.assets.map((fact) => ({ ...fact, upstreamCount: 0, downstreamCount: 0 }));
    expect(asset(look({ ...stale, assets: counts }, ['b']), 'b').hidden).toEqual({ up: 0, down: 0 });
  });
});

describe('closed sides', () => {
  const diamond = graph(['a > w/1 > b', 'a > w/2 > c', 'b > w/3 > d', 'c > w/4 > d', 'd > w/5 > e']);

  it('leave out what is reached over them alone, and count it', () => {
    const seen = look(diamond, ['b'], { closed: [{ key: 'd', side: 'down' }] });
    expect(ids(seen)).toEqual(['asset:a', 'asset:b', 'asset:c', 'asset:d']);
    expect(asset(seen, 'd').hidden).toEqual({ up: 0, down: 1 });
  });

  it('leave in what another way leads to, with all lines to it', () => {
    const seen = look(diamond, ['a'], { closed: [{ key: 'b', side: 'down' }] });
    expect(ids(seen)).toContain('asset:d');
    expect(ends(seen)).toContain('asset:b>asset:d');
  });

  it('leave out all once every way is closed', () => {
    const closed = [
      { key: 'b', side: 'down' },
      { key: 'c', side: 'down' },
    ] as const;
    const seen = look(diamond, ['a'], { closed });
    expect(ids(seen)).toEqual(['asset:a', 'asset:b', 'asset:c']);
    expect(asset(seen, 'b').hidden.down).toBe(1);
  });

  it('end a walk around a cycle', () => {
    const cycle = graph(['a > w/1 > b', 'b > w/2 > c', 'c > w/3 > a']);
    const closed = [
      { key: 'a', side: 'down' },
      { key: 'a', side: 'up' },
    ] as const;
    expect(ids(look(cycle, ['a'], { closed }))).toEqual(['asset:a']);
  });

  it('of another asset, or of none that is shown, change nothing', () => {
    expect(look(diamond, ['a'], { closed: [{ key: 'nowhere', side: 'up' }] })).toEqual(look(diamond, ['a']));
  });
});

describe('steps as cards', () => {
  it('stand between what they read and what they write', () => {
    const seen = look(graph(['a > w/1 > b', 'c > w/1 > b', 'a > w/1 > d']), ['b'], { steps: true });
    expect(ends(seen)).toEqual(['asset:a>step:w/1', 'asset:c>step:w/1', 'step:w/1>asset:b', 'step:w/1>asset:d']);
    expect(seen.cards.filter((card) => card.kind === 'step')).toHaveLength(1);
    expect(seen.lines.find((line) => line.id === 'step:w/1>asset:b')?.edges).toEqual(['a|w/1|b', 'c|w/1|b']);
  });

  it('show the one that makes an asset of nothing', () => {
    const seen = look(graph(['a > w/1 > b'], { a: { by: ['w/0'] } }), ['b'], { steps: true });
    expect(ends(seen)).toContain('step:w/0>asset:a');
  });

  it('show it also beside one that makes the same asset of something', () => {
    const seen = look(graph(['a > w/1 > b'], { b: { by: ['v/seed'] } }), ['b'], { steps: true });
    expect(ends(seen)).toContain('step:v/seed>asset:b');
  });

  it('do not show one whose inputs are hidden', () => {
    const seen = look(graph(['a > w/1 > b'], { a: { by: ['w/0'], moreUp: 1 } }), ['b'], { steps: true });
    expect(ids(seen)).not.toContain('step:w/0');
    const closed = [{ key: 'b', side: 'up' }] as const;
    expect(ids(look(graph(['a > w/1 > b']), ['b'], { steps: true, closed }))).toEqual(['asset:b']);
  });

  it('show a loop as a way there and a way back', () => {
    const seen = look(graph(['a > w/1 > a']), ['a'], { steps: true });
    expect(ends(seen)).toEqual(['asset:a>step:w/1', 'step:w/1>asset:a']);
  });
});

describe('boxes', () => {
  const two = graph(['a > w/1 > b', 'b > w/2 > c', 'c > v/3 > d', 'b > v/4 > d'], {
    b: { state: 'STALE' },
    c: { state: 'EXPIRED' },
    d: { state: 'FRESH' },
  });

  it('hold what a workflow makes; what none makes stands outside', () => {
    const seen = look(two, ['b'], { grouped: true });
    const boxes = Object.fromEntries(seen.boxes.map(({ group, cards }) => [group.slug, [...cards].sort()]));
    expect(boxes).toEqual({ w: ['asset:b', 'asset:c'], v: ['asset:d'] });
    expect(ids(seen)).toContain('asset:a');
  });

  it('hold steps with what they make', () => {
    const seen = look(two, ['b'], { grouped: true, steps: true });
    expect(seen.boxes.find(({ group }) => group.slug === 'v')?.cards).toEqual(['asset:d', 'step:v/3', 'step:v/4']);
  });

  it('put an asset of two workflows into the first by slug, in whatever order they come', () => {
    for (const by of [
      ['b/1', 'a/1'],
      ['a/1', 'b/1'],
    ]) {
      expect(asset(look(graph([], { x: { by } }), ['x']), 'x').group?.slug).toBe('a');
    }
  });

  it('fold into one card with the worst state of its assets; lines go to it, those within are gone', () => {
    const seen = look(two, ['b'], { grouped: true, folded: ['w'] });
    const folded = seen.cards.find((card) => card.kind === 'folded');
    expect(folded).toMatchObject({ id: 'group:w', assets: 2, worst: 'EXPIRED' });
    expect(ends(seen)).toEqual(['asset:a>group:w', 'group:w>asset:d']);
    expect(seen.lines.find((line) => line.target === 'asset:d')?.edges).toEqual(['c|v/3|d', 'b|v/4|d']);
    expect(seen.boxes.map(({ group }) => group.slug)).toEqual(['v']);
  });

  it('fold side by side, joined by one line each way', () => {
    const both = graph(['a > w/1 > b', 'b > v/1 > c', 'c > w/2 > d', 'b > v/2 > e']);
    const seen = look(both, ['b'], { grouped: true, folded: ['v', 'w'] });
    expect(ids(seen)).toEqual(['asset:a', 'group:v', 'group:w']);
    expect(ends(seen)).toEqual(['asset:a>group:w', 'group:v>group:w', 'group:w>group:v']);
  });

  it('keep the loop of an asset that is not folded, and lose it with one that is', () => {
    const loop = graph(['a > w/1 > a']);
    expect(ends(look(loop, ['a'], { grouped: true }))).toEqual(['asset:a>asset:a']);
    expect(ends(look(loop, ['a'], { grouped: true, folded: ['w'] }))).toEqual([]);
  });

  it('are folded by their slug alone, and only where there are boxes', () => {
    expect(look(two, ['b'], { folded: ['w'] })).toEqual(look(two, ['b']));
    expect(look(two, ['b'], { grouped: true, folded: ['elsewhere'] })).toEqual(look(two, ['b'], { grouped: true }));
  });
});

describe('names of cards, lines and edges', () => {
  it('are apart, whatever stands in the name of a step', () => {
    const odd = graph(['a > w/x|y > b', 'a > w/x>asset:b > c', 'a:b > w/%41 > c', 'a > w/é & 1 > a:b']);
    const seen = look(odd, ['a'], { steps: true });
    expect(new Set(ids(seen)).size).toBe(seen.cards.length);
    expect(seen.cards).toHaveLength(8);
    expect(new Set(ends(seen)).size).toBe(8);
    expect(new Set(odd.edges.map(edgeKey)).size).toBe(4);
  });

  it('keep a step, an asset and a workflow of one name apart', () => {
    const seen = look(graph(['w > w/w > b']), ['w'], { steps: true, grouped: true, folded: ['w'] });
    expect(ids(seen)).toEqual(['asset:w', 'group:w']);
  });
});

it('takes the worst state; what is unknown is not bad', () => {
  expect(worst([])).toBe('UNKNOWN');
  expect(worst(['UNKNOWN', 'FRESH'])).toBe('FRESH');
  expect(worst(['DUE', 'MISSING', 'EXPIRED', 'STALE'])).toBe('MISSING');
});

it('takes a hub of ten thousand, and reads what is closed once, not for each asset', () => {
  const size = 10_000;
  const hub = graph(Array.from({ length: size }, (_, n) => `hub > w/1 > l${n}`));
  let reads = 0;
  const closed = new Proxy(
    Array.from({ length: size }, (_, n) => ({ key: `l${n}`, side: 'down' }) as const),
    {
      get(target, name, receiver) {
        reads += 1;
        return Reflect.get(target, name, receiver);
      },
    },
  );
  const seen = look(hub, ['hub'], { closed, steps: true, grouped: true });
  expect(seen.cards).toHaveLength(size + 2);
  expect(reads).toBeLessThan(5 * size);
});

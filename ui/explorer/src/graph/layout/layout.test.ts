import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import { layoutGraph } from '../layoutGraph';
import { see } from '../model';
import { graph } from '../sample';
import { around } from './bounds';
import { place } from './dagre';
import { places, tree } from './elkTree';
import { inOrder } from './order';
import type { Layout, LayoutGraph, Rect } from './types';

const elk = new ELK();
const byElk = async (wanted: LayoutGraph): Promise<Layout> => places(await elk.layout(tree(wanted)));
const byDagre = async (wanted: LayoutGraph): Promise<Layout> => place(wanted);

const size = { width: 100, height: 40 };
const wanted = (edges: [string, string][], more: string[] = []): LayoutGraph => ({
  nodes: [...new Set([...edges.flat(), ...more])].map((id) => ({ id, ...size })),
  edges,
  boxes: [],
});

const apart = (one: Rect, other: Rect): boolean =>
  one.x + one.width <= other.x ||
  other.x + other.width <= one.x ||
  one.y + one.height <= other.y ||
  other.y + other.height <= one.y;

function expectApart(all: readonly Rect[]): void {
  const overlapping = all.flatMap((one, index) =>
    all.slice(index + 1).flatMap((other) => (apart(one, other) ? [] : [[one, other]])),
  );
  expect(overlapping).toEqual([]);
}

describe.each([
  ['dagre', byDagre],
  ['elk', byElk],
])('%s', (_, lay) => {
  it('lays out nothing', async () => {
    expect(await lay(wanted([]))).toEqual({ nodes: {}, boxes: {} });
  });

  it('puts what feeds to the left of what is fed, and nothing onto another', async () => {
    const edges: [string, string][] = [
      ['a', 'c'],
      ['b', 'c'],
      ['c', 'd'],
      ['c', 'e'],
      ['a', 'e'],
    ];
    const { nodes } = await lay(wanted(edges, ['alone']));
    for (const [source, target] of edges) {
      const [from, to] = [nodes[source] as Rect, nodes[target] as Rect];
      expect(from.x + from.width).toBeLessThan(to.x);
    }
    expect(Object.keys(nodes).sort()).toEqual(['a', 'alone', 'b', 'c', 'd', 'e']);
    expectApart(Object.values(nodes));
    for (const { width, height } of Object.values(nodes)) expect({ width, height }).toEqual(size);
  });

  it('comes to an end with cycles and with the same edge twice', async () => {
    const { nodes } = await lay(
      wanted([
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['a', 'b'],
      ]),
    );
    expectApart(Object.values(nodes));
    expect(Object.keys(nodes)).toHaveLength(3);
  });

  it('takes ids with any sign', async () => {
    const odd = ['step:w/a>b|c', 'asset:x~&%20', 'step:w/__proto__', 'asset:é'];
    const { nodes } = await lay(wanted(odd.slice(1).map((id) => [odd[0] as string, id])));
    expect(Object.keys(nodes).sort()).toEqual([...odd].sort());
  });

  it('gives numbers for a hub', async () => {
    const hub = wanted(Array.from({ length: 200 }, (_, n) => ['hub', `leaf${n}`]));
    const { nodes } = await lay(hub);
    expect(Object.values(nodes).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    expectApart(Object.values(nodes));
  });
});

describe('boxes', () => {
  const sub = graph(['a > w/1 > b', 'b > w/2 > c', 'c > v/3 > d', 'd > w/4 > e', 'x > v/5 > x']);
  const view = { closed: [], steps: true, grouped: true, folded: [] };
  const seen = see(sub, new Set(['a', 'x']), view);

  it('hold their cards and no other, and stand apart', async () => {
    const { nodes, boxes } = await byElk(layoutGraph(seen));
    expect(Object.keys(boxes).sort()).toEqual(['group:v', 'group:w']);
    expect(Object.keys(nodes)).toHaveLength(seen.cards.length);
    for (const { group, cards } of seen.boxes) {
      const box = boxes[`group:${group.slug}`] as Rect;
      for (const [id, node] of Object.entries(nodes)) {
        if (cards.includes(id)) expect(around([box, node])).toEqual(box);
        else expect(apart(box, node), id).toBe(true);
      }
    }
    expectApart(Object.values(boxes));
    expectApart(Object.values(nodes));
  });

  it('that are shut are cards', async () => {
    const shut = see(sub, new Set(['a', 'x']), { ...view, folded: ['v', 'w'] });
    const { nodes, boxes } = await byElk(layoutGraph(shut));
    expect(boxes).toEqual({});
    expect(Object.keys(nodes).sort()).toEqual(['asset:a', 'group:v', 'group:w']);
  });
});

describe('order', () => {
  it('is the same whatever order things come in, without loops', () => {
    const one = wanted([
      ['a', 'b'],
      ['b', 'c'],
      ['b', 'b'],
      ['a', 'c'],
    ]);
    const other = { ...one, nodes: [...one.nodes].reverse(), edges: [...one.edges].reverse() };
    expect(inOrder(one)).toEqual(inOrder(other));
    expect(inOrder(one).edges).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'c'],
    ]);
  });

  it('leaves what it is given as it was', () => {
    const given = wanted([
      ['b', 'a'],
      ['a', 'b'],
    ]);
    const before = structuredClone(given);
    inOrder(given);
    expect(given).toEqual(before);
  });
});

describe('around', () => {
  it('is what holds all', () => {
    const rects = [
      { x: -5, y: 10, width: 10, height: 10 },
      { x: 20, y: -30, width: 1, height: 2 },
    ];
    expect(around(rects)).toEqual({ x: -5, y: -30, width: 26, height: 50 });
  });

  it('is a point for none, and takes a great many', () => {
    expect(around([])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
    const many = Array.from({ length: 300_000 }, (_, n) => ({ x: n, y: 0, width: 1, height: 1 }));
    expect(around(many).width).toBe(300_000);
  });
});

import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { compare } from './changes';
import type { Layout } from './layout/types';
import { SIZES } from './layoutGraph';
import { see } from './model';
import { type Caption, fit, toSvg } from './picture';
import { graph } from './sample';
import type { View } from './view';

const VIEW: Pick<View, 'closed' | 'steps' | 'grouped' | 'folded'> = {
  closed: [],
  steps: false,
  grouped: false,
  folded: [],
};
const CAPTION: Caption = { title: 'a', note: 'As of now' };
const colour = (token: string): string => `<${token}>`.replaceAll(/[<>]/g, '');
const measure = (text: string): number => text.length * 7;

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
}

/** The elements of a document; throws what is wrong with one that is not well-formed. */
function read(xml: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser({ xmlns: true, fileName: 'picture.svg' });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value]);
    open.push({ name, attributes: Object.fromEntries(values), text: '' });
    elements.push(open.at(-1) as Element);
  });
  parser.on('text', (text) => {
    const current = open.at(-1);
    if (current) current.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return elements;
}

function draw(subgraph: Parameters<typeof see>[0], view: Partial<typeof VIEW> = {}, more: Partial<Caption> = {}) {
  const keys = new Set(subgraph.assets.map((asset) => asset.key));
  const seen = see(subgraph, keys, { ...VIEW, ...view });
  const nodes = seen.cards.map((card, n) => [card.id, { x: -50 + n * 300, y: n * 80, ...SIZES[card.kind] }] as const);
  const boxes = seen.boxes.map(({ group }, n) => [`group:${group.slug}`, { x: 0, y: n * 100, width: 400, height: 90 }]);
  const layout: Layout = { nodes: Object.fromEntries(nodes), boxes: Object.fromEntries(boxes) };
  return read(toSvg({ seen, layout }, null, { ...CAPTION, ...more }, colour, measure));
}

const words = (elements: Element[]): string[] =>
  elements.filter((each) => each.name === 'text').map((each) => each.text);

describe('a picture', () => {
  it('of nothing still has a size and its caption', () => {
    const [svg, ...others] = draw(graph([]));
    expect(svg?.attributes.viewBox).toMatch(/^-?\d+ -?\d+ \d+ \d+$/);
    expect(Number(svg?.attributes.width)).toBeGreaterThanOrEqual(320);
    expect(words(others)).toEqual(['a', 'As of now']);
  });

  it('holds every card, with room around all of them', () => {
    const elements = draw(graph(['a > w/1 > b', 'b > w/2 > c'], { a: { version: 2, valid: false, state: 'STALE' } }));
    expect(words(elements)).toEqual(expect.arrayContaining(['A', 'B', 'C', 'never produced']));
    expect(words(elements)).toContain('Stale · v2 · 2026-11-23 12:00Z · invalid');
    const [left, top, width, height] = (elements[0]?.attributes.viewBox ?? '').split(' ').map(Number) as number[];
    for (const { name, attributes } of elements) {
      if (name !== 'rect' || !attributes.rx) continue;
      expect(Number(attributes.x)).toBeGreaterThan(left as number);
      expect(Number(attributes.y)).toBeGreaterThan(top as number);
      expect(Number(attributes.x) + Number(attributes.width)).toBeLessThan((left as number) + (width as number));
      expect(Number(attributes.y) + Number(attributes.height)).toBeLessThan((top as number) + (height as number));
    }
  });

  it('draws a path and a head for each line, with the names of its steps', () => {
    const elements = draw(graph(['a > w/one > b', 'a > w/two > b', 'b > w/three > b']));
    expect(elements.filter((each) => each.name === 'title').map((each) => each.text)).toEqual(
      expect.arrayContaining(['one, two', 'three']),
    );
    const lines = elements.filter((each) => each.name === 'path' && each.attributes.d?.includes('C'));
    expect(lines).toHaveLength(2);
    expect(lines.map((each) => each.attributes.d).join('')).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('counts what a shut box holds', () => {
    const elements = draw(graph(['a > w/1 > b']), { grouped: true, folded: ['w'] });
    expect(words(elements)).toContain('1 asset');
    expect(words(elements)).toContain('Workflow w');
  });

  it('names open boxes', () => {
    expect(words(draw(graph(['a > w/1 > b']), { grouped: true }))).toContain('Workflow w');
  });

  it.each([
    ['<b>&amp;"\'</b>'],
    [']]>'],
    ['<!-- -->'],
    ['é☃😀'],
    ['tab\tand\nline'],
    ['nul\u0000bell\u0007', 'nul\ufffdbell\ufffd'],
    ['\ud800 alone', '\ufffd alone'],
  ])('is well-formed whatever is written in it: %j', (odd, safe = odd) => {
    const elements = draw(graph([`a > w/${odd} > b`]), { steps: true, grouped: true }, { title: odd, note: odd });
    expect(elements.find((each) => each.name === 'title')?.text).toBe(safe);
    expect(words(elements).filter((each) => each === safe)).toHaveLength(3);
  });

  it('shows changes by colour, and what is gone by its line too', () => {
    const [before, after] = [graph(['a > w/1 > b']), graph(['a > w/2 > c'])];
    const at = (subgraph: typeof before) => ({
      reached: new Set(subgraph.assets.map((asset) => asset.key)),
      subgraph,
    });
    const changes = compare(at(before), at(after));
    const seen = see(changes.union, new Set(['a']), VIEW);
    const nodes = Object.fromEntries(seen.cards.map((card, n) => [card.id, { x: n * 300, y: 0, ...SIZES.asset }]));
    const elements = read(toSvg({ seen, layout: { nodes, boxes: {} } }, changes, CAPTION, colour, measure));
    const strokes = elements.filter((each) => each.name === 'path' && each.attributes.fill === 'none');
    expect(strokes.find((each) => each.attributes.stroke === 'gone')?.attributes['stroke-dasharray']).toBe('6 4');
    expect(strokes.find((each) => each.attributes.stroke === 'added')?.attributes['stroke-dasharray']).toBeUndefined();
    expect(elements.filter((each) => each.attributes.fill === 'gone-ground')).toHaveLength(1);
  });
});

describe('a name in the room there is', () => {
  it('stays whole where it fits', () => {
    expect(fit('abc', 21, measure)).toBe('abc');
  });

  it('loses its beginning, no more than it must', () => {
    expect(fit('abcdefgh', 35, measure)).toBe('…efgh');
  });

  it('keeps its last letter in no room at all', () => {
    expect(fit('abc', 0, measure)).toBe('…c');
    expect(fit('', 0, measure)).toBe('');
  });
});

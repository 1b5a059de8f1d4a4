import { describe, expect, it } from 'vitest';
import { curve } from './curves';
import type { Rect } from './layout/types';

const card = (x: number, y: number): Rect => ({ x, y, width: 100, height: 40 });

/** Every number of SVG path data, in pairs of x and y. */
function points(path: string): [number, number][] {
  const numbers = (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  return numbers.flatMap((x, index) => (index % 2 === 0 ? [[x, numbers[index + 1] as number]] : []));
}

describe('a line between cards', () => {
  it('runs from the right of one to the left of the other', () => {
    const { path, head, middle } = curve(card(0, 0), card(300, 100));
    expect(points(path)[0]).toEqual([100, 20]);
    const [x, y] = points(path).at(-1) as [number, number];
    expect(y).toBe(120);
    expect(x).toBeGreaterThan(290);
    expect(x).toBeLessThan(300);
    expect(points(head)).toContainEqual([300, 120]);
    expect(middle).toEqual({ x: 200, y: 70 });
  });

  it.each([
    ['backwards', card(300, 0), card(0, 10)],
    ['to itself', card(50, 50), card(50, 50)],
    ['to the card above', card(0, 200), card(0, 0)],
  ])('runs around below both when it goes %s', (_, from, to) => {
    const { path, middle } = curve(from, to);
    const lowest = Math.max(...points(path).map(([, y]) => y));
    expect(lowest).toBeGreaterThan(Math.max(from.y, to.y) + 40);
    expect(middle.y).toBe(lowest);
    expect(points(path)[0]).toEqual([from.x + 100, from.y + 20]);
  });

  it('is written in tenths of a pixel, without exponents', () => {
    const { path, head } = curve(card(1 / 3, 1e-9), card(1e4 + 2 / 3, 1e5 / 7));
    expect(path + head).not.toMatch(/e|NaN|\d\.\d\d/);
  });
});

import { describe, expect, it } from 'vitest';
import type { Rect } from './layout/types';
import type { Line } from './model';
import { walk } from './neighbours';

const line = (source: string, target: string): Line => ({
  id: `${source}>${target}`,
  source,
  target,
  steps: [],
  edges: [],
});
const at = (x: number, y: number): Rect => ({ x: x * 200, y: y * 60, width: 100, height: 40 });

// a feeds the column of b, c and d; c feeds itself and, backwards, a.
const places = { a: at(0, 1), b: at(1, 0), c: at(1, 1), d: at(1, 2), e: at(2, 1), far: at(1, 9) };
const lines = [line('a', 'b'), line('a', 'd'), line('b', 'e'), line('c', 'c'), line('c', 'a'), line('e', 'nowhere')];
const go = (from: string, step: Parameters<typeof walk>[1]): string | null => walk(from, step, lines, places);

describe('arrow keys', () => {
  it('go along the lines, to the nearest of several', () => {
    expect(go('b', 'left')).toBe('a');
    expect(go('b', 'right')).toBe('e');
    expect(walk('a', 'right', lines, { ...places, d: at(1, 1) })).toBe('d');
  });

  it('go along lines that run backwards', () => {
    expect(go('c', 'right')).toBe('a');
    expect(go('a', 'left')).toBe('c');
  });

  it('do not go around a loop, nor to what has no place', () => {
    expect(go('c', 'left')).toBeNull();
    expect(go('e', 'right')).toBeNull();
  });

  it('go to the next of the column, whether a line joins them or not', () => {
    expect(go('b', 'down')).toBe('c');
    expect(go('d', 'up')).toBe('c');
    expect(go('d', 'down')).toBe('far');
    expect(go('b', 'up')).toBeNull();
    expect(go('a', 'down')).toBeNull();
  });

  it('go nowhere from what is not there, or in an empty picture', () => {
    expect(go('gone', 'left')).toBeNull();
    expect(walk('a', 'down', [], {})).toBeNull();
  });
});

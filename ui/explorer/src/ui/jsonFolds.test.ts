import { describe, expect, it } from 'vitest';
import { hasLongText, lines, PAGE, paged, startsOpen, TEXT } from './jsonFolds';

const many = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe('lines', () => {
  it('counts brackets and items', () => {
    expect(lines({ a: 1, b: [1, 2] }, 100)).toBe(2 + 1 + 4);
    expect(lines(null, 100)).toBe(1);
  });

  it('stops at the limit', () => {
    expect(lines(many(1000), 50)).toBe(50);
  });
});

describe('what starts open', () => {
  it('is the outermost value unless it is long', () => {
    expect(startsOpen(0, { a: many(1000) })).toBe(true);
    expect(startsOpen(0, many(1000))).toBe(false);
  });

  it('is what is small, less and less with depth', () => {
    expect(startsOpen(1, many(20))).toBe(true);
    expect(startsOpen(3, many(20))).toBe(false);
    expect(startsOpen(4, [1])).toBe(false);
  });
});

describe('paged', () => {
  it('leaves what is small as it is', () => {
    const value = { b: [1, null, 'x'], a: { c: true } };
    expect(paged(value, true)).toEqual(value);
  });

  it('parts a long list into pages that hold every item once', () => {
    const pages = paged({ list: many(PAGE * 2 + 1) }, true) as { list: Record<string, number[]> };
    expect(Object.keys(pages.list)).toEqual(['0 … 99', '100 … 199', '200 … 200']);
    expect(Object.values(pages.list).flat()).toEqual(many(PAGE * 2 + 1));
  });

  it('keeps the keys of a long object', () => {
    const value = Object.fromEntries(many(PAGE + 1).map((n) => [`k${n}`, n]));
    expect(paged(value, true)).toHaveProperty(['100 … 100', 'k100'], 100);
  });

  it('shortens long texts only when asked to, and says by how much', () => {
    const value = ['x'.repeat(TEXT + 1200)];
    expect(hasLongText(value)).toBe(true);
    expect((paged(value, true) as string[])[0]).toMatch(/x … 1,200 more characters$/);
    expect(paged(value, false)).toEqual(value);
    expect(hasLongText(['x'.repeat(TEXT)])).toBe(false);
  });
});

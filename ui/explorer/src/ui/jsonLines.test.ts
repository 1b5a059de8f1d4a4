import { describe, expect, it } from 'vitest';
import { compareJson, fold, type Line, type Row } from './jsonLines';

const text = (line: Line | null): string | null => {
  if (line === null) return null;
  const parts = line.parts.map((part) => part.text);
  return parts.join('').trim();
};
const marked = (line: Line | null): string[] =>
  line ? line.parts.filter((part) => part.marked).map((part) => part.text) : [];
const shape = (rows: Row[]) => rows.map((row) => [row.kind, text(row.before), text(row.after)]);

describe('compareJson', () => {
  it('sees no difference in the order of keys', () => {
    const rows = compareJson({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 });
    expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['same']));
  });

  it('sees the order of a list', () => {
    expect(compareJson([1, 2], [2, 1]).some((row) => row.kind !== 'same')).toBe(true);
  });

  it('sets changed values beside each other and marks the words that differ', () => {
    const rows = compareJson({ name: 'a red house', n: 1 }, { name: 'a blue house', n: 1 });
    const changed = rows.filter((row) => row.kind !== 'same');
    expect(shape(changed)).toEqual([['changed', '"name": "a red house"', '"name": "a blue house"']]);
    expect(marked(changed[0]?.before ?? null)).toEqual(['red']);
    expect(marked(changed[0]?.after ?? null)).toEqual(['blue']);
  });

  it('pairs lines by their key, not by their number', () => {
    const rows = compareJson({ a: 1, c: 3, d: 4 }, { b: 2, c: 30, d: 40 });
    expect(shape(rows.filter((row) => row.kind !== 'same'))).toEqual([
      ['gone', '"a": 1,', null],
      ['added', null, '"b": 2,'],
      ['changed', '"c": 3,', '"c": 30,'],
      ['changed', '"d": 4', '"d": 40'],
    ]);
  });

  it('does not take the comma before a new last key for a change', () => {
    const rows = compareJson({ a: 1 }, { a: 1, b: 2 });
    expect(shape(rows)).toEqual([
      ['same', '{', '{'],
      ['same', '"a": 1', '"a": 1,'],
      ['added', null, '"b": 2'],
      ['same', '}', '}'],
    ]);
  });

  it('gives every line of both sides once, in order', () => {
    const before = { a: [1, 2, { x: 1 }], b: 'x', z: null, q: Array.from({ length: 30 }, (_, n) => n) };
    const after = { a: [2, { x: 2, y: [] }], c: 'x', z: false, q: Array.from({ length: 30 }, (_, n) => n + (n % 7)) };
    const rows = compareJson(before, after);
    for (const side of ['before', 'after'] as const) {
      const there = rows.flatMap((row) => row[side] ?? []);
      expect(there.map((line) => line.number)).toEqual(there.map((_, index) => index + 1));
      expect(JSON.parse(there.map(text).join(''))).toEqual(side === 'before' ? before : after);
    }
  });

  it('compares values of any kind', () => {
    expect(shape(compareJson(null, 'x'))).toEqual([['changed', 'null', '"x"']]);
    expect(shape(compareJson(1, 1))).toEqual([['same', '1', '1']]);
  });

  it('does not search long for likeness where there is none', () => {
    const side = (mark: string) => Array.from({ length: 5000 }, (_, index) => `${mark}${index}`);
    const rows = compareJson(side('a'), side('b'));
    expect(rows.filter((row) => row.kind === 'gone')).toHaveLength(5002);
    expect(rows.filter((row) => row.kind === 'added')).toHaveLength(5002);
  });
});

describe('fold', () => {
  const list = (change: number | null) => Array.from({ length: 40 }, (_, index) => (index === change ? -1 : index));
  const lengths = (rows: Row[]) => fold(rows).map((stretch) => [stretch.folded, stretch.rows.length]);

  it('leaves three lines beside a change and folds the rest', () => {
    expect(lengths(compareJson(list(null), list(20)))).toEqual([
      [true, 18],
      [false, 7],
      [true, 17],
    ]);
  });

  it('does not fold a single line away', () => {
    expect(lengths(compareJson([0, 1, 2, 3, 4], [0, 1, 2, -3, 4]))).toEqual([[false, 7]]);
  });

  it('keeps every row', () => {
    const rows = compareJson(list(3), list(33));
    expect(fold(rows).flatMap((stretch) => stretch.rows)).toEqual(rows);
  });
});

import { describe, expect, it } from 'vitest';
import { earlier, fromLocal, inOrder, later, toLocal } from './moments';

const moments = inOrder([
  { at: 30, what: 'c' },
  { at: 10, what: 'a' },
  { at: 20, what: 'b' },
]);

describe('moments', () => {
  it('stand in order', () => {
    expect(moments.map(({ what }) => what)).toEqual(['a', 'b', 'c']);
    expect(inOrder([])).toEqual([]);
  });

  it('of one instant are one, and say each thing once', () => {
    const all = ['x', 'y', 'x', 'y', 'z'].map((what) => ({ at: 5, what }));
    expect(inOrder(all)).toEqual([{ at: 5, what: 'x; y; z' }]);
  });

  it('lie before and behind an instant, never at it', () => {
    expect(earlier(moments, 20)?.what).toBe('a');
    expect(later(moments, 20)?.what).toBe('c');
    expect(earlier(moments, 21)?.what).toBe('b');
    expect(earlier(moments, 10)).toBeUndefined();
    expect(later(moments, 30)).toBeUndefined();
    expect(later([], 0)).toBeUndefined();
  });
});

describe('the field for an instant', () => {
  it.each(['2026-01-15T12:34:56.000Z', '2026-07-15T00:00:00.000Z', '1999-12-31T23:59:59.000Z'])(
    'gives back %s that it was given',
    (instant) => {
      const local = toLocal(Date.parse(instant));
      expect(local).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      expect(fromLocal(local)).toBe(instant);
    },
  );

  it('shows the time of the reader', () => {
    expect(toLocal(new Date(2026, 6, 15, 9, 30, 0).getTime())).toBe('2026-07-15T09:30:00');
  });

  it('holds nothing while it is not whole', () => {
    expect(fromLocal('')).toBeNull();
    expect(fromLocal('2026-13-01T00:00')).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { type Happening, type Liveness, next } from './liveness';

const after = (...happenings: Happening[]): Liveness => happenings.reduce(next, { kind: 'starting' } as Liveness);
const CONNECTED: Happening = { type: 'connected' };
const lost = (position: number): Happening => ({ type: 'lost', position });
const newest = (number: number): Happening => ({ type: 'newest', newest: number });
const seen = (sequence: number): Happening => ({ type: 'seen', sequence });

describe('the first connection', () => {
  it('is live at once', () => {
    expect(after(CONNECTED)).toEqual({ kind: 'live' });
  });

  it('was never lost before it was there', () => {
    expect(after(lost(3))).toEqual({ kind: 'starting' });
  });
});

describe('a connection that was lost', () => {
  it('says so', () => {
    expect(after(CONNECTED, lost(7))).toEqual({ kind: 'lost', position: 7 });
    expect(after(CONNECTED, lost(7), lost(7))).toEqual({ kind: 'lost', position: 7 });
  });

  it('has caught up when the last missed event was seen', () => {
    const back = [CONNECTED, lost(7), CONNECTED] as const;
    expect(after(...back, newest(9), seen(8))).toEqual({ kind: 'catching', from: 7, position: 8, until: 9 });
    expect(after(...back, newest(9), seen(8), seen(9))).toEqual({ kind: 'caughtUp', missed: 2, anew: false });
  });

  it('has caught up too when the events came before the number of the newest', () => {
    const back = [CONNECTED, lost(7), CONNECTED, seen(8), seen(9), seen(10)] as const;
    expect(after(...back)).toMatchObject({ kind: 'catching' });
    expect(after(...back, newest(9))).toEqual({ kind: 'caughtUp', missed: 2, anew: false });
  });

  it('may have missed nothing', () => {
    expect(after(CONNECTED, lost(7), CONNECTED, newest(7))).toEqual({ kind: 'caughtUp', missed: 0, anew: false });
  });

  it('counts from the first loss when it is lost again while it catches up', () => {
    const twice = after(CONNECTED, lost(7), CONNECTED, newest(20), seen(10), lost(10), CONNECTED, newest(21), seen(21));
    expect(twice).toEqual({ kind: 'caughtUp', missed: 14, anew: false });
  });

  it('is live again after a while, and what is seen then changes nothing', () => {
    const settled = after(CONNECTED, lost(7), CONNECTED, newest(7), { type: 'settled' });
    expect(settled).toEqual({ kind: 'live' });
    expect(next(settled, seen(8))).toBe(settled);
    expect(next(settled, newest(8))).toBe(settled);
  });
});

it('says when everything was read anew', () => {
  const anew: Happening = { type: 'anew', newest: 5007 };
  const expected = { kind: 'caughtUp', missed: 5000, anew: true };
  expect(after(CONNECTED, lost(7), CONNECTED, anew)).toEqual(expected);
  expect(after(CONNECTED, lost(7), anew)).toEqual(expected);
});

it('rests and catches up', () => {
  const resting = after(CONNECTED, { type: 'resting', position: 7 }, lost(7));
  expect(resting).toEqual({ kind: 'resting', position: 7 });
  expect([CONNECTED, newest(9), seen(9)].reduce(next, resting)).toEqual({ kind: 'caughtUp', missed: 2, anew: false });
});

it('may be refused, and let in later', () => {
  expect(after({ type: 'refused', why: 'no token' })).toEqual({ kind: 'refused', why: 'no token' });
  expect(after({ type: 'refused', why: 'no token' }, CONNECTED)).toEqual({ kind: 'live' });
});

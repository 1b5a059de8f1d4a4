import { describe, expect, it } from 'vitest';
import { age, duration, relative, ticks } from './time';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const S = 1000;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;
const before = (ms: number): string => new Date(NOW - ms).toISOString();

describe('relative', () => {
  it.each([
    [0, 'just now'],
    [59 * S, 'just now'],
    [-59 * S, 'just now'],
    [60 * S, '1m ago'],
    [59 * M + 59 * S, '59m ago'],
    [H, '1h ago'],
    [23 * H, '23h ago'],
    [29 * D, '29d ago'],
    [30 * D, '1mo ago'],
    [364 * D, '12mo ago'],
    [365 * D, '1y ago'],
    [-3 * D, 'in 3d'],
    [-90 * M, 'in 1h'],
  ])('%d ms before is told as %s', (ms, text) => {
    // Unicode's data, which differ by their version: "1 min. ago", "1m ago".
    expect(relative(before(ms), NOW).replaceAll(/(?<=\d) |[.]|(?<=m)in/g, '')).toBe(text);
  });
});

describe('age', () => {
  it.each([
    [-D, 'now'],
    [59 * S, 'now'],
    [M, '1m'],
    [H - 1, '59m'],
    [H, '1h'],
    [D - 1, '23h'],
    [D, '1d'],
    [60 * D - 1, '59d'],
    [60 * D, '2mo'],
    [730 * D - 1, '24mo'],
    [730 * D, '2y'],
  ])('%d ms is told as %s', (ms, text) => {
    expect(age(before(ms), NOW)).toBe(text);
  });
});

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [999, '999 ms'],
    [999.7, '1 s'],
    [1000, '1 s'],
    [12_540, '12.5 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [H - 1, '1 h'],
    [H, '1 h'],
    [2 * H + 5 * M + 59 * S, '2 h 5 min'],
    [D - 1, '1 d'],
    [3 * D + 4 * H, '3 d 4 h'],
    [400 * D, '400 d'],
  ])('%d ms is told as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

const seconds = (...time: [number, number, number, number?, number?]): number =>
  new Date(time[0], time[1] - 1, time[2], time[3] ?? 0, time[4] ?? 0).getTime() / 1000;

describe('ticks', () => {
  it('are days where days lie between them', () => {
    expect(ticks([seconds(2026, 3, 1), seconds(2026, 3, 4)])).toEqual(['1 Mar', '4 Mar']);
  });

  it('are times of the day, and the day at midnight', () => {
    expect(ticks([seconds(2026, 3, 1, 18), seconds(2026, 3, 2, 0), seconds(2026, 3, 2, 6)])).toEqual([
      '18:00',
      '2 Mar',
      '06:00',
    ]);
  });

  it('tell seconds where minutes are too coarse', () => {
    const at = seconds(2026, 3, 1, 12, 30);
    expect(ticks([at, at + 5])).toEqual(['12:30:00', '12:30:05']);
  });
});

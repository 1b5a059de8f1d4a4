import { describe, expect, it } from 'vitest';
import { ticks } from './time';

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

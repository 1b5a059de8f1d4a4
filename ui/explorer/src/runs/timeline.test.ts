import { expect, test } from 'vitest';
import { type AttemptTimes, ticks, timeline } from './timeline';

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

const attempt = (stepId: string, number: number, start: number | null, end: number | null): AttemptTimes => ({
  id: `${stepId} ${number}`,
  stepId,
  attempt: number,
  status: end === null ? 'RUNNING' : 'SUCCEEDED',
  startedAt: start === null ? null : at(start),
  completedAt: end === null ? null : at(end),
  createdAt: at(500),
});

const seen = (attempts: AttemptTimes[], begin = 100, end = 200) => {
  const { from, to, bars } = timeline(attempts, begin * 1000, end * 1000);
  return {
    from: from / 1000,
    to: to / 1000,
    bars: bars.map((bar) => [bar.attempt.id, bar.waitsFrom / 1000, bar.from / 1000, bar.to / 1000, bar.isRetry]),
  };
};

test('a step waits from the start of the run, a retry from the end of the attempt before', () => {
  const attempts = [attempt('a', 1, 110, 120), attempt('b', 1, 120, 130), attempt('a', 2, 150, 160)];
  expect(seen(attempts)).toEqual({
    from: 100,
    to: 200,
    bars: [
      ['a 1', 100, 110, 120, false],
      ['a 2', 120, 150, 160, true],
      ['b 1', 100, 120, 130, false],
    ],
  });
});

test('a running attempt reaches the present', () => {
  expect(seen([attempt('a', 1, 110, null)]).bars).toEqual([['a 1', 100, 110, 200, false]]);
});

test('one whose times nobody told is a moment', () => {
  const silent = { ...attempt('a', 1, null, null), status: 'SKIPPED' as const };
  expect(seen([silent], 100, 600).bars).toEqual([['a 1', 100, 500, 500, false]]);
  expect(seen([attempt('a', 1, null, 120)]).bars).toEqual([['a 1', 100, 120, 120, false]]);
});

test('clocks that differ: the scale holds what began before the run or ended after it, and nothing ends before it began', () => {
  const attempts = [attempt('early', 1, 90, 95), attempt('late', 1, 190, 250), attempt('wrong', 1, 150, 140)];
  expect(seen(attempts)).toEqual({
    from: 90,
    to: 250,
    bars: [
      ['early 1', 90, 90, 95, false],
      ['wrong 1', 100, 150, 150, false],
      ['late 1', 100, 190, 250, false],
    ],
  });
});

test('a retry that began before the first attempt ended did not wait', () => {
  const [, second] = seen([attempt('a', 1, 110, 150), attempt('a', 2, 120, 160)]).bars;
  expect(second).toEqual(['a 2', 120, 120, 160, true]);
});

test('no attempts: the run itself', () => {
  expect(seen([])).toEqual({ from: 100, to: 200, bars: [] });
});

test.each([
  [0, 5, []],
  [4, 5, [1, 2, 3, 4]],
  [900, 5, [200, 400, 600, 800]],
  [13 * 60_000, 5, [5 * 60_000, 10 * 60_000]],
  [3 * 86_400_000, 5, [86_400_000, 172_800_000, 259_200_000]],
])('%d ms are marked at most %d times', (span, most, marks) => {
  expect(ticks(span, most)).toEqual(marks);
});

test('however long it is, the marks are few', () => {
  for (let span = 1; span < 1e14; span *= 3) expect(ticks(span, 5).length).toBeLessThanOrEqual(5);
});

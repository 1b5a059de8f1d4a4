import { expect, test } from 'vitest';
import { isActive, setOffBy, tookMs } from './course';

const NOW = Date.parse('2026-01-01T00:10:00Z');

test('a run that ended took what it took, whatever the time is', () => {
  expect(tookMs({ status: 'SUCCEEDED', startedAt: '2026-01-01T00:00:00Z', durationMs: 42 }, NOW)).toBe(42);
  expect(tookMs({ status: 'FAILED', startedAt: '2026-01-01T00:00:00Z', durationMs: 0 }, NOW)).toBe(0);
});

test('a running one has run since its start', () => {
  expect(tookMs({ status: 'RUNNING', startedAt: '2026-01-01T00:00:00Z' }, NOW)).toBe(600_000);
});

test('clocks that differ make no negative time', () => {
  expect(tookMs({ status: 'RUNNING', startedAt: '2026-01-01T00:10:01Z' }, NOW)).toBe(0);
});

test('one that has not begun, or whose times nobody told, has no time', () => {
  expect(tookMs({ status: 'PENDING' }, NOW)).toBeNull();
  expect(tookMs({ status: 'CANCELED', startedAt: '2026-01-01T00:00:00Z' }, NOW)).toBeNull();
});

test('pending and running ones go on', () => {
  expect((['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const).filter(isActive)).toEqual([
    'PENDING',
    'RUNNING',
  ]);
});

test.each([
  ['ada', null, 'ada'],
  [null, { type: 'schedule', cron: '0 3 * * *' }, 'schedule'],
  ['scheduler', { type: 'schedule' }, 'scheduler (schedule)'],
  [null, { kind: 'sensor' }, 'sensor'],
  [null, 'webhook', 'webhook'],
  [null, { type: 7 }, ''],
  [undefined, null, ''],
  [null, ['x'], ''],
])('set off by %j with the trigger %j', (by, trigger, words) => {
  expect(setOffBy(by, trigger)).toBe(words);
});

/** A run over time: each attempt at a step as a bar, what it waited for before. All times are epoch milliseconds. */
import type { StepStatus } from '@/api/generated/graphql';
import { grouped } from '@/format/groups';

export interface AttemptTimes {
  id: string;
  stepId: string;
  attempt: number;
  status: StepStatus;
  /** ISO 8601, as are the others. */
  startedAt?: string | null;
  completedAt?: string | null;
  createdAt: string;
}

export interface Bar<Attempt> {
  attempt: Attempt;
  /** Whether the bar above is of the same step. */
  isRetry: boolean;
  /** Since when it could have begun: the run's start, or the end of the attempt before. */
  waitsFrom: number;
  from: number;
  to: number;
}

export interface Timeline<Attempt> {
  from: number;
  to: number;
  /** Steps in the order in which they began, the attempts at one below each other. */
  bars: Bar<Attempt>[];
}

/** `begin` is the run's start, `end` its end or, while it goes on, the present. */
export function timeline<Attempt extends AttemptTimes>(
  attempts: readonly Attempt[],
  begin: number,
  end: number,
): Timeline<Attempt> {
  const ordered = attempts
    .map((attempt) => ({ attempt, ...extent(attempt, end) }))
    .sort((a, b) => a.from - b.from || a.attempt.attempt - b.attempt.attempt);
  const byStep = grouped(ordered, ({ attempt }) => attempt.stepId);
  const bars = [...byStep.values()].flatMap((ofStep) =>
    ofStep.map((each, index) => ({
      ...each,
      isRetry: index > 0,
      waitsFrom: Math.min(each.from, ofStep[index - 1]?.to ?? begin),
    })),
  );
  return {
    from: Math.min(begin, ...bars.map((bar) => bar.from)),
    to: Math.max(begin, end, ...bars.map((bar) => bar.to)),
    bars,
  };
}

/** One that nobody told the times of is a moment: that of its first word. */
function extent(
  { status, startedAt, completedAt, createdAt }: AttemptTimes,
  end: number,
): { from: number; to: number } {
  const told = [startedAt, completedAt].map((instant) => (instant ? Date.parse(instant) : null));
  const from = told[0] ?? told[1] ?? Date.parse(createdAt);
  return { from, to: Math.max(from, status === 'RUNNING' ? end : (told[1] ?? from)) };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 100, 365].map((n) => n * DAY),
];

/** Milliseconds since the start at which the scale is marked: whole units, at most `most` of them, the start left out. */
export function ticks(span: number, most: number): number[] {
  const step = STEPS.find((each) => span / each <= most) ?? span / most;
  return Array.from({ length: Math.floor(span / step) }, (_, index) => (index + 1) * step);
}

/** Instants and durations as people read them. Instants come as ISO 8601 in UTC and are shown in the reader's zone. */

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
  ['minute', 60],
];

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });
const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const ZONED = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

/** "5m ago", "in 3d"; below a minute "just now". */
export function relative(instant: string, now: number = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return RELATIVE.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** How long ago, as short as a card has room for: "now", "5m", "3h", "12d", "8mo", "2y". */
export function age(instant: string, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(instant)) / 1000);
  if (seconds < 60) return 'now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 24 * 3600) return `${Math.floor(seconds / 3600)}h`;
  if (seconds < 60 * 24 * 3600) return `${Math.floor(seconds / (24 * 3600))}d`;
  if (seconds < 730 * 24 * 3600) return `${Math.floor(seconds / (30 * 24 * 3600))}mo`;
  return `${Math.floor(seconds / (365 * 24 * 3600))}y`;
}

export const exact = (instant: string): string => EXACT.format(new Date(instant));
/** "Monday, 23 November 2026", in the reader's zone. */
export const day = (instant: string): string => DAY.format(new Date(instant));
/** "November 2026", in the reader's zone. */
export const month = (instant: string): string => MONTH.format(new Date(instant));
/** "23 Nov, 06:31", in the reader's zone. */
export const short = (instant: string): string => SHORT.format(new Date(instant));
/** "06:31:05", in the reader's zone. */
export const clock = (instant: string): string => CLOCK.format(new Date(instant));

const TICK_DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const TICK_CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Words under an axis of times, in epoch seconds and rising: the day, or within a few days the time of day. */
export function ticks(seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? Number.POSITIVE_INFINITY) - (seconds[0] ?? 0);
  return seconds.map((second) => {
    const at = new Date(second * 1000);
    const midnight = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
    if (step >= 86_400 || midnight) return TICK_DAY.format(at);
    return (step < 60 ? CLOCK : TICK_CLOCK).format(at);
  });
}

export const zoned = (instant: string): string => ZONED.format(new Date(instant));

/** Milliseconds as "240 ms", "12.5 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function duration(ms: number): string {
  // Rounded before it is compared: 59.96 s are a minute, not 60 s.
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 600) return `${tenths / 10} s`;
  return two(Math.round(ms / 1000));
}

function two(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days) return join(days, 'd', hours, 'h');
  if (hours) return join(hours, 'h', minutes, 'min');
  return join(minutes, 'min', seconds % 60, 's');
}

const join = (large: number, unit: string, small: number, smaller: string): string =>
  small ? `${large} ${unit} ${small} ${smaller}` : `${large} ${unit}`;

/** How a JSON value is made fit to be looked at: what starts open, and what of a very large value is shown at once. */

/** Lines that may stand open before anybody asked. */
const OPEN_LINES = 60;
/** Items of one list or object under one fold. */
export const PAGE = 100;
/** Characters of a text that are shown before anybody asked. */
export const TEXT = 600;

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** How many lines a value takes when everything in it is open, counted up to `limit`. */
export function lines(value: unknown, limit: number): number {
  if (!isContainer(value)) return 1;
  let sum = 2;
  for (const item of Object.values(value)) {
    sum += lines(item, limit - sum);
    if (sum >= limit) return limit;
  }
  return sum;
}

/** Whether a value at this depth starts open: the outermost, and what is small enough. */
export function startsOpen(level: number, value: unknown): boolean {
  if (level === 0) return Object.keys(value ?? {}).length <= OPEN_LINES;
  return level < 4 && lines(value, OPEN_LINES) < OPEN_LINES / (level + 1);
}

/** Whether `paged` would change it by shortening a text. */
export function hasLongText(value: unknown): boolean {
  if (typeof value === 'string') return value.length > TEXT;
  return isContainer(value) && Object.values(value).some(hasLongText);
}

/** The value with long lists and objects parted into pages of `PAGE`; with `shorten`, long texts cut and saying so. */
export function paged(value: unknown, shorten: boolean): unknown {
  if (typeof value === 'string') return shorten && value.length > TEXT ? shortened(value) : value;
  if (!isContainer(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, paged(item, shorten)] as const);
  const rebuilt = (some: typeof entries): unknown =>
    Array.isArray(value) ? some.map(([, item]) => item) : Object.fromEntries(some);
  if (entries.length <= PAGE) return rebuilt(entries);
  const pages: [string, unknown][] = [];
  for (let start = 0; start < entries.length; start += PAGE) {
    const page = entries.slice(start, start + PAGE);
    pages.push([`${start} … ${start + page.length - 1}`, rebuilt(page)]);
  }
  return Object.fromEntries(pages);
}

const shortened = (text: string): string =>
  `${text.slice(0, TEXT)} … ${(text.length - TEXT).toLocaleString('en')} more characters`;

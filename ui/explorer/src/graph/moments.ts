/** The instants at which something changed in a picture, for the slider to stop at. */

export interface Moment {
  /** Epoch milliseconds. */
  at: number;
  what: string;
}

/** In order, one of each instant. */
export function inOrder(moments: readonly Moment[]): Moment[] {
  const byInstant = new Map<number, Set<string>>();
  for (const { at, what } of moments) byInstant.set(at, (byInstant.get(at) ?? new Set()).add(what));
  return [...byInstant]
    .map(([at, what]) => ({ at, what: [...what].join('; ') }))
    .sort((one, other) => one.at - other.at);
}

/** The last moment before an instant, or the first behind it; undefined at the end. */
export const earlier = (moments: readonly Moment[], at: number): Moment | undefined =>
  moments.findLast((moment) => moment.at < at);
export const later = (moments: readonly Moment[], at: number): Moment | undefined =>
  moments.find((moment) => moment.at > at);

/** For `<input type="datetime-local">`, which knows no zone: the reader's own, to the second. */
export function toLocal(instant: number): string {
  const shifted = new Date(instant - new Date(instant).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** ISO 8601 of what such an input holds; null while it holds nothing whole. */
export function fromLocal(text: string): string | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** Long ids on small cards: the end tells assets apart, so it stays whole, and the beginning gives way. */

const LAST = 26;
const FIRST_OF_LAST = 13;

/** `[beginning, end]`; the beginning may be shortened by the style sheet. Cut at a separator that leaves end enough. */
export function splitName(id: string): [string, string] {
  if (id.length <= LAST) return ['', id];
  const start = id.length - LAST;
  const separator = id.slice(start, -FIRST_OF_LAST).search(/[.:_/-]/);
  const cut = start + Math.max(0, separator);
  return [id.slice(0, cut), id.slice(cut)];
}

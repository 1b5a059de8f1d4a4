/** Long ids on small cards: the end tells assets apart, so it stays whole, and the beginning gives way. */

const LAST = 26;

/** `[beginning, end]`; the beginning may be shortened by the style sheet. */
export function splitName(id: string): [string, string] {
  const cuts = [...id.matchAll(/[.:_/-]/g)].map((match) => match.index);
  const cut = cuts.find((index) => id.length - index <= LAST) ?? Math.max(0, id.length - LAST);
  return id.length <= LAST ? ['', id] : [id.slice(0, cut), id.slice(cut)];
}

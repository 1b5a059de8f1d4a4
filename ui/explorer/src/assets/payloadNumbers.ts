/** The numbers in payloads: where they are, by JSON Pointer (RFC 6901), and what they are. */

/** Places that a choice offers; a payload of thousands of numbers is a table, not a record. */
export const MOST_PLACES = 200;

const tokenOf = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
const keyOf = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** Where at least one of the payloads has a number: outer places first, each level in the payloads' own order. */
export function numberPlaces(payloads: readonly unknown[]): string[] {
  const places = new Set<string>();
  let level: (readonly [place: string, values: readonly unknown[]])[] = [['', payloads]];
  while (level.length > 0 && places.size < MOST_PLACES) {
    const below: typeof level = [];
    for (const [place, values] of level) {
      if (places.size >= MOST_PLACES) break;
      if (values.some((value) => typeof value === 'number')) places.add(place);
      for (const [key, items] of children(values)) below.push([`${place}/${tokenOf(key)}`, items]);
    }
    level = below;
  }
  return [...places];
}

/** What stands under each key of the lists and objects among the values. */
function children(values: readonly unknown[]): Map<string, unknown[]> {
  const under = new Map<string, unknown[]>();
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) {
      const items = under.get(key);
      if (items) items.push(item);
      else under.set(key, [item]);
    }
  }
  return under;
}

/** The number at a place; null where there is none. */
export function numberAt(payload: unknown, place: string): number | null {
  let value = payload;
  for (const token of place.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, keyOf(token))) return null;
    value = (value as Record<string, unknown>)[keyOf(token)];
  }
  return typeof value === 'number' ? value : null;
}

/** A place as people write it: "quality.nulls", "top[0].sold"; the payload itself is "payload". */
export function placeName(place: string): string {
  if (place === '') return 'payload';
  return place
    .split('/')
    .slice(1)
    .map((token, index) => (/^\d+$/.test(token) ? `[${token}]` : `${index > 0 ? '.' : ''}${keyOf(token)}`))
    .join('');
}

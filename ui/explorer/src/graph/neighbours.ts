/** Walking the picture with arrow keys: along the edges to the left and right, by place up and down. */
import type { Rect } from './layout/types';
import type { Line } from './model';

export type Step = 'left' | 'right' | 'up' | 'down';

/** The id of the node to go to from `from`, null at the end of the way. */
export function walk(
  from: string,
  step: Step,
  lines: readonly Line[],
  places: Readonly<Record<string, Rect>>,
): string | null {
  const here = places[from];
  if (!here) return null;
  if (step === 'left' || step === 'right') {
    const [near, far] = step === 'left' ? (['target', 'source'] as const) : (['source', 'target'] as const);
    const next = lines.filter((line) => line[near] === from && line[far] !== from).map((line) => line[far]);
    return nearest(next, (place) => Math.abs(middle(place) - middle(here)), places);
  }
  const beside = Object.keys(places).filter((id) => {
    const place = places[id] as Rect;
    const aligned = place.x < here.x + here.width && here.x < place.x + place.width;
    return id !== from && aligned && (step === 'up' ? place.y < here.y : place.y > here.y);
  });
  return nearest(beside, (place) => Math.abs(place.y - here.y), places);
}

const middle = (place: Rect): number => place.y + place.height / 2;

function nearest(
  ids: readonly string[],
  distance: (place: Rect) => number,
  places: Readonly<Record<string, Rect>>,
): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const place = places[id];
    if (place && distance(place) < least) [best, least] = [id, distance(place)];
  }
  return best;
}

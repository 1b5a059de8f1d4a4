/** What a link to a picture of the graph holds, and how it is written in an address. */
import type { Direction, EdgeSource } from '@/api/generated/graphql';

export type Side = 'up' | 'down';

/** One side of one asset, by its key. */
export interface Place {
  key: string;
  side: Side;
}

export interface View {
  direction: Direction;
  /** Hops from the roots; null goes to the end. */
  depth: number | null;
  source: EdgeSource;
  /** Shown beyond the walk: the neighbours on these sides. */
  opened: readonly Place[];
  /** Left out: what is reached over these sides alone. */
  closed: readonly Place[];
  /** Only what lies between the root and this asset (id); null for everything. */
  to: string | null;
  /** Steps as nodes of their own. */
  steps: boolean;
  /** Boxes around the assets of one workflow. */
  grouped: boolean;
  /** Workflows (slugs) whose box is shut. */
  folded: readonly string[];
  /** ISO 8601; null is now. */
  asOf: string | null;
  /** The earlier instant that `asOf` is compared with; null for no comparison. */
  since: string | null;
  /** The id of the card that is shown beside the graph. */
  chosen: string | null;
  display: 'graph' | 'list';
}

export const START: View = {
  direction: 'BOTH',
  depth: 1,
  source: 'DECLARED',
  opened: [],
  closed: [],
  to: null,
  steps: false,
  grouped: false,
  folded: [],
  asOf: null,
  since: null,
  chosen: null,
  display: 'graph',
};

const DIRECTIONS: readonly Direction[] = ['BOTH', 'UPSTREAM', 'DOWNSTREAM'];
const SOURCES: readonly EdgeSource[] = ['DECLARED', 'OBSERVED', 'ALL'];

/** The view of an address; what is not understood is as at the start. `start` may differ from `START`. */
export function parseView(search: string, start: View = START): View {
  const said = new URLSearchParams(search);
  return {
    direction: DIRECTIONS.find((each) => each === said.get('direction')?.toUpperCase()) ?? start.direction,
    depth: parseDepth(said.get('depth'), start.depth),
    source: SOURCES.find((each) => each === said.get('edges')?.toUpperCase()) ?? start.source,
    opened: parsePlaces(said.getAll('open')),
    closed: parsePlaces(said.getAll('close')),
    to: said.get('to') || null,
    steps: said.has('steps') ? said.get('steps') === '1' : start.steps,
    grouped: said.has('groups') ? said.get('groups') === '1' : start.grouped,
    folded: [...new Set(said.getAll('fold').filter(Boolean))],
    asOf: parseInstant(said.get('at')),
    since: parseInstant(said.get('since')),
    chosen: said.get('chosen') || null,
    display: said.get('as') === 'list' ? 'list' : 'graph',
  };
}

/** `?…` with what differs from `start`, in one order: equal views have equal addresses. */
export function printView(view: View, start: View = START): string {
  const said = new URLSearchParams();
  if (view.direction !== start.direction) said.set('direction', view.direction.toLowerCase());
  if (view.depth !== start.depth) said.set('depth', view.depth === null ? 'all' : String(view.depth));
  if (view.source !== start.source) said.set('edges', view.source.toLowerCase());
  for (const place of sorted(view.opened)) said.append('open', printPlace(place));
  for (const place of sorted(view.closed)) said.append('close', printPlace(place));
  if (view.to) said.set('to', view.to);
  if (view.steps !== start.steps) said.set('steps', view.steps ? '1' : '0');
  if (view.grouped !== start.grouped) said.set('groups', view.grouped ? '1' : '0');
  for (const slug of [...view.folded].sort()) said.append('fold', slug);
  if (view.asOf) said.set('at', view.asOf);
  if (view.since) said.set('since', view.since);
  if (view.display === 'list') said.set('as', 'list');
  if (view.chosen) said.set('chosen', view.chosen);
  return `?${said}`;
}

const samePlace = (one: Place, other: Place): boolean => one.key === other.key && one.side === other.side;

const holds = (places: readonly Place[], place: Place): boolean => places.some((each) => samePlace(each, place));

/** Show the neighbours on a side; a side that was shut opens again. */
export function open(view: View, place: Place): View {
  const closed = view.closed.filter((each) => !samePlace(each, place));
  return holds(view.opened, place) ? { ...view, closed } : { ...view, closed, opened: [...view.opened, place] };
}

/** Leave out what is reached over a side alone. */
export function close(view: View, place: Place): View {
  const opened = view.opened.filter((each) => !samePlace(each, place));
  return holds(view.closed, place) ? { ...view, opened } : { ...view, opened, closed: [...view.closed, place] };
}

export const printPlace = ({ key, side }: Place): string => `${side}~${key}`;

const parsePlaces = (texts: readonly string[]): Place[] =>
  [...new Set(texts)].flatMap((text) => {
    const match = /^(up|down)~(.+)$/.exec(text);
    return match ? [{ side: match[1] as Side, key: match[2] as string }] : [];
  });

const sorted = (places: readonly Place[]): Place[] =>
  [...places].sort((one, other) => (printPlace(one) < printPlace(other) ? -1 : 1));

function parseDepth(text: string | null, start: number | null): number | null {
  if (text === 'all') return null;
  return text !== null && /^[1-9]\d{0,3}$/.test(text) ? Number(text) : start;
}

function parseInstant(text: string | null): string | null {
  return text !== null && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null;
}

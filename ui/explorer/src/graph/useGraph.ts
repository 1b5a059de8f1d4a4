/** Asks for the part of the graph that a view shows: a walk for which assets, then what holds among exactly these. */
import { keepPreviousData, type QueryMeta, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { ApiError, ask } from '@/api/client';
import type { AsOf } from '@/api/generated/graphql';
import { type Instant, withFacts } from './changes';
import { BETWEEN, MOST, SUBGRAPH, WALK } from './facts';
import { prepareLayout } from './layout';
import type { Place, Side, View } from './view';

export interface Part extends Instant {
  /** Whether the walk was cut, how deep it is complete, and how many there are in all, where that is known. */
  cut: { reason: string | null; depthReached: number; totalKnown: number | null } | null;
  /** With `to`: whether there is a way at all, and a shortest one. */
  way: { connected: boolean; edges: readonly { source: string; target: string }[] } | null;
}

type Asked = Pick<View, 'direction' | 'depth' | 'source' | 'opened' | 'to'>;

export interface GraphAnswer {
  now: UseQueryResult<Part, ApiError>;
  /** The earlier instant, when the view compares with one. */
  earlier: UseQueryResult<Part, ApiError> | null;
}

export function useGraph(roots: readonly string[], workflow: string | undefined, view: View): GraphAnswer {
  const { direction, depth, source, opened, to } = view;
  const asked: Asked = { direction, depth, source, opened, to };
  const question = (instant: string | null) => ({
    queryKey: ['graph', roots, workflow, asked, instant],
    queryFn: ({ signal }: { signal: AbortSignal }) => part(roots, workflow, asked, instant, signal),
    // What is there stays until the next is: the canvas keeps its view, and a card its focus. (`useQueries` would not.)
    placeholderData: keepPreviousData,
    meta: liveness(source, instant),
  });
  const now = useQuery<Part, ApiError>(question(view.asOf));
  const earlier = useQuery<Part, ApiError>({ ...question(view.since), enabled: view.since !== null });
  return { now, earlier: view.since === null ? null : earlier };
}

/**
 * An event changes facts about assets; among whom, only definitions change (they are asked for anew, all of them). What
 * runs really did may add an edge with each production.
 */
function liveness(source: View['source'], instant: string | null): QueryMeta {
  if (instant !== null) return { still: true };
  if (source !== 'DECLARED') return {};
  return {
    patch: async (assets) => {
      const { subgraph } = await ask(SUBGRAPH, { assets: [...assets], source, asOf: null });
      return (part) => withFacts(part as Part, subgraph.assets);
    },
  };
}

const NOTHING: Part = {
  reached: new Set(),
  subgraph: { assets: [], steps: [], edges: [] },
  cut: null,
  way: null,
};

async function part(
  roots: readonly string[],
  workflow: string | undefined,
  view: Asked,
  instant: string | null,
  signal: AbortSignal,
): Promise<Part> {
  const asOf: AsOf | null = instant === null ? null : { instant };
  prepareLayout(0);
  try {
    const { keys, ...rest } = await (view.to === null
      ? walked(roots, workflow, view, asOf, signal)
      : between(roots[0] as string, view.to, view, asOf, signal));
    prepareLayout(keys.length);
    const { subgraph } = await ask(SUBGRAPH, { assets: keys, source: view.source, asOf }, signal);
    return { ...rest, reached: new Set(keys), subgraph };
  } catch (error) {
    // Before the first definition there was nothing, and that is an answer.
    if (error instanceof ApiError && error.code === 'as_of_before_beginning') return NOTHING;
    throw error;
  }
}

type Found = Pick<Part, 'cut' | 'way'> & { keys: string[] };

async function walked(
  roots: readonly string[],
  workflow: string | undefined,
  view: Asked,
  asOf: AsOf | null,
  signal: AbortSignal,
): Promise<Found> {
  const [up, down] = [keysOf(view.opened, 'up'), keysOf(view.opened, 'down')];
  const { direction, depth, source } = view;
  const workflows = workflow === undefined ? null : [workflow];
  const answer = await ask(
    WALK,
    {
      ...{ roots: [...roots], direction, depth, source, asOf, workflows, limit: MOST },
      ...{ up, anyUp: up.length > 0, down, anyDown: down.length > 0 },
    },
    signal,
  );
  const { assets, truncated, truncationReason, depthReached, totalKnown } = answer.base;
  const keys = [...assets, ...(answer.up?.assets ?? []), ...(answer.down?.assets ?? [])].map((asset) => asset.key);
  const more = answer.up?.truncated || answer.down?.truncated;
  const cut = truncated || more ? { reason: truncationReason, depthReached, totalKnown } : null;
  return { keys: [...new Set(keys)], cut, way: null };
}

async function between(
  from: string,
  to: string,
  { source }: Asked,
  asOf: AsOf | null,
  signal: AbortSignal,
): Promise<Found> {
  const { paths } = await ask(BETWEEN, { from, to, source, asOf }, signal);
  const keys = paths.connected ? paths.assets.map((asset) => asset.key) : [from.toLowerCase(), to.toLowerCase()];
  return { keys, cut: null, way: { connected: paths.connected, edges: paths.path } };
}

const keysOf = (places: readonly Place[], side: Side): string[] =>
  places.filter((place) => place.side === side).map((place) => place.key);

/** Which events the feed shows: what the address holds of it, and what the service is asked by it. */
import type { EventsQueryVariables } from '@/api/generated/graphql';
import { KINDS, type Kind } from './kinds';

export interface FeedFilter {
  kinds: readonly Kind[];
  /** An id; ending in `*`, every id that begins so. */
  asset: string;
  workflow: string;
  upstreamOf: string;
}

const ORDER = Object.keys(KINDS) as Kind[];

/** A kind that the page does not know counts as none. */
export function filterOf(values: URLSearchParams): FeedFilter {
  const kinds = values.get('kinds')?.split(',') ?? [];
  return {
    kinds: ORDER.filter((kind) => kinds.includes(kind)),
    asset: values.get('asset') ?? '',
    workflow: values.get('workflow') ?? '',
    upstreamOf: values.get('upstreamOf') ?? '',
  };
}

export const NO_FILTER = { kinds: null, asset: null, workflow: null, upstreamOf: null } as const;

export const isFiltered = ({ kinds, asset, workflow, upstreamOf }: FeedFilter): boolean =>
  kinds.length > 0 || `${asset}${workflow}${upstreamOf}` !== '';

/** The address's value with one kind more, or without it; null for none. */
export function toggled(kinds: readonly Kind[], kind: Kind): string | null {
  const rest = ORDER.filter((each) => (each === kind ? !kinds.includes(each) : kinds.includes(each)));
  return rest.length > 0 ? rest.join(',') : null;
}

export function variablesOf(filter: FeedFilter): Omit<EventsQueryVariables, 'after'> {
  const { kinds, asset, workflow, upstreamOf } = filter;
  return {
    types: kinds.length > 0 ? kinds.flatMap((kind) => [...KINDS[kind].types]) : null,
    assets: asset ? [asset] : null,
    workflows: workflow ? [workflow] : null,
    upstreamOf: upstreamOf || null,
  };
}

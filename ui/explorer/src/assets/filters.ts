/** The filters of the catalogue: what the address holds of them, and what the service is asked by them. */
import type { AssetsQueryVariables, FreshnessState } from '@/api/generated/graphql';
import { FRESHNESS } from '@/format/states';

/** Names in the address. */
export const FILTERS = ['text', 'workflow', 'state', 'produced', 'partitions', 'partition', 'valid'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Readonly<Record<FilterName, string>>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** When the newest version was produced: within the time before now, or before it. */
const PRODUCED: Record<string, { text: string; since?: number; before?: number }> = {
  '1h': { text: 'In the last hour', since: HOUR },
  '1d': { text: 'In the last day', since: DAY },
  '7d': { text: 'In the last week', since: 7 * DAY },
  'before-1d': { text: 'More than a day ago', before: DAY },
  'before-7d': { text: 'More than a week ago', before: 7 * DAY },
  'before-30d': { text: 'More than 30 days ago', before: 30 * DAY },
};
/** Never produced is what the state "Missing" says; it stands in both selects. */
export const NEVER = 'never';

type Options = readonly (readonly [value: string, text: string])[];

export const STATE_OPTIONS: Options = [
  ['', 'Any state'],
  ...Object.entries(FRESHNESS).map(([state, look]) => [state, look.word] as const),
];
export const PRODUCED_OPTIONS: Options = [
  ['', 'Produced any time'],
  ...Object.entries(PRODUCED).map(([value, { text }]) => [value, text] as const),
  [NEVER, 'Never produced'],
];
export const PARTITION_OPTIONS: Options = [
  ['', 'Partitioned or not'],
  ['yes', 'Partitioned'],
  ['no', 'Not partitioned'],
];

/** The filters that an address holds; what it does not hold is ''. */
export function filtersOf(values: URLSearchParams): Filters {
  return Object.fromEntries(FILTERS.map((name) => [name, values.get(name) ?? ''])) as Filters;
}

export const isFiltered = (filters: Filters): boolean => FILTERS.some((name) => filters[name] !== '');

/** The service's words for the filters at `now`, epoch milliseconds. A value that the page does not know counts as none. */
export function variablesOf(filters: Filters, now: number): Omit<AssetsQueryVariables, 'after' | 'first'> {
  const produced = Object.hasOwn(PRODUCED, filters.produced) ? PRODUCED[filters.produced] : undefined;
  const instant = (before: number | undefined): string | null =>
    before === undefined ? null : new Date(now - before).toISOString();
  return {
    text: filters.text || null,
    workflow: filters.workflow || null,
    state: Object.hasOwn(FRESHNESS, filters.state) ? (filters.state as FreshnessState) : null,
    producedSince: instant(produced?.since),
    producedBefore: instant(produced?.before),
    partitioned: filters.partitions === 'yes' ? true : filters.partitions === 'no' ? false : null,
    partitionKey: filters.partition || null,
    valid: filters.valid === 'no' ? false : null,
  };
}

/** The production select's value: "never" is kept as a state. */
export const producedOf = (filters: Filters): string => (filters.state === 'MISSING' ? NEVER : filters.produced);

/** What choosing a time of production changes. */
export function chooseProduced(filters: Filters, value: string): Partial<Record<FilterName, string>> {
  if (value === NEVER) return { state: 'MISSING', produced: '' };
  return { produced: value, state: filters.state === 'MISSING' ? '' : filters.state };
}

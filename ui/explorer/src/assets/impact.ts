/** What the lateness of an asset reaches, as rows of a list and of its CSV. */
import type { ImpactQuery } from '@/api/generated/graphql';
import type { Cell } from '@/format/csv';
import { grouped } from '@/format/groups';
import { counted } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';

export const GROUPINGS = ['distance', 'workflow'] as const;
export type Grouping = (typeof GROUPINGS)[number];

type Impact = ImpactQuery['impact'];
export type Affected = Impact['byDistance'][number]['assets'][number];
export type AffectedStep = Impact['steps'][number];

export interface Workflow {
  slug: string;
  name: string;
}

export type Row =
  | { kind: 'group'; key: string; words: string; workflow: Workflow | null }
  | { kind: 'asset'; key: string; group: string; asset: Affected; workflows: Workflow[] }
  | { kind: 'step'; key: string; group: string; step: AffectedStep };

/**
 * Groups, nearest first, in each the assets and then the steps that produce nothing: these break too, and no
 * asset tells of them. By workflow, an asset stands with each affected workflow that produces it.
 */
export function impactRows({ impact, lineage }: ImpactQuery, by: Grouping): Row[] {
  const producing = new Set(lineage.edges.map((edge) => edge.step));
  const ends = impact.steps.filter((step) => !producing.has(step.key));
  const assets = impact.byDistance.flatMap((group) => group.assets);
  const workflows = namesOf(impact.steps);
  return by === 'distance' ? byDistance(assets, ends, workflows) : byWorkflow(assets, ends, workflows, impact.steps);
}

type Workflows = ReadonlyMap<string, Workflow>;

const namesOf = (steps: readonly AffectedStep[]): Workflows =>
  new Map(steps.map((step) => [keyOf(step), { slug: step.workflowSlug, name: step.workflowName }]));

/** A workflow's key is its slug without case. */
const keyOf = (step: AffectedStep): string => step.workflowSlug.toLowerCase();

function byDistance(assets: readonly Affected[], ends: readonly AffectedStep[], workflows: Workflows): Row[] {
  const byHops = grouped(assets, (asset) => asset.distance);
  const endsByHops = grouped(ends, (step) => step.distance);
  const hops = [...new Set([...byHops.keys(), ...endsByHops.keys()])].sort((a, b) => a - b);
  return hops.flatMap((distance) =>
    group(String(distance), counted(distance, 'hop'), null, byHops.get(distance), endsByHops.get(distance), workflows),
  );
}

function byWorkflow(
  assets: readonly Affected[],
  ends: readonly AffectedStep[],
  workflows: Workflows,
  steps: readonly AffectedStep[],
): Row[] {
  const nearest = new Map<string, number>();
  for (const step of steps) {
    nearest.set(keyOf(step), Math.min(step.distance, nearest.get(keyOf(step)) ?? step.distance));
  }
  const slugs = [...nearest].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1)).map(([slug]) => slug);
  const places = assets.map((asset) => ({ asset, in: asset.workflows.filter((key) => workflows.has(key)) }));
  const byKey = grouped(
    places.flatMap(({ asset, in: keys }) => keys.map((key) => ({ asset, key }))),
    ({ key }) => key,
  );
  const endsByKey = grouped(ends, keyOf);
  const none = places.filter((place) => place.in.length === 0).map((place) => place.asset);
  return [
    ...slugs.flatMap((key) => {
      const members = byKey.get(key)?.map((place) => place.asset);
      const workflow = workflows.get(key) ?? null;
      return group(key, workflow?.name ?? key, workflow, members, endsByKey.get(key), workflows);
    }),
    ...(none.length > 0 ? group('', 'Declared by no affected workflow', null, none, [], workflows) : []),
  ];
}

function group(
  key: string,
  title: string,
  workflow: Workflow | null,
  assets: readonly Affected[] = [],
  ends: readonly AffectedStep[] = [],
  workflows: Workflows,
): Row[] {
  const counts = [
    assets.length > 0 && counted(assets.length, 'asset'),
    ends.length > 0 && `${counted(ends.length, 'step')} that ${ends.length === 1 ? 'produces' : 'produce'} nothing`,
  ].filter(Boolean);
  const heading = counts.length > 0 ? `${title}: ${counts.join(', ')}` : title;
  return [
    { kind: 'group', key: `group ${key}`, words: heading, workflow },
    ...assets.map((asset): Row => {
      const of = asset.workflows.map((slug) => workflows.get(slug) ?? { slug, name: slug });
      return { kind: 'asset', key: `${key} asset ${asset.key}`, group: key, asset, workflows: of };
    }),
    ...ends.map((step): Row => ({ kind: 'step', key: `${key} step ${step.key}`, group: key, step })),
  ];
}

const HEADER = [
  'distance',
  'kind',
  'id',
  'state',
  'owners',
  'importance',
  'workflows',
  'version',
  'produced',
  'deadline',
];

/** The rows as they are shown; by workflow, each tells whose group it stands in. */
export function impactTable(rows: readonly Row[], by: Grouping): { header: string[]; rows: Cell[][] } {
  const wide = by === 'workflow';
  return {
    header: wide ? ['workflow', ...HEADER] : HEADER,
    rows: rows.flatMap((row) => {
      if (row.kind === 'group') return [];
      const cells = row.kind === 'asset' ? assetCells(row.asset, row.workflows) : stepCells(row.step);
      return [wide ? [row.group, ...cells] : cells];
    }),
  };
}

const assetCells = (asset: Affected, workflows: readonly Workflow[]): Cell[] => [
  asset.distance,
  'asset',
  asset.assetId,
  FRESHNESS[asset.asset.freshness.state].word,
  asset.owners.join('; '),
  asset.importance?.toLowerCase(),
  workflows.map((workflow) => workflow.slug).join('; '),
  asset.latestVersion,
  asset.latestProducedAt,
  asset.deadline,
];

const stepCells = (step: AffectedStep): Cell[] => [
  step.distance,
  'step',
  step.stepId,
  ...[null, null, null],
  step.workflowSlug,
  ...[null, null, null],
];

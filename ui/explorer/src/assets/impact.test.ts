import { expect, test } from 'vitest';
import type { ImpactQuery } from '@/api/generated/graphql';
import { type Affected, type AffectedStep, impactRows, impactTable } from './impact';

const asset = (assetId: string, distance: number, workflows: string[], more: Partial<Affected> = {}): Affected => ({
  key: assetId.toLowerCase(),
  assetId,
  distance,
  workflows,
  owners: [],
  importance: null,
  latestSnapshot: null,
  latestVersion: null,
  latestProducedAt: null,
  deadline: null,
  asset: { freshness: { state: 'FRESH' } },
  ...more,
});

const step = (workflowSlug: string, stepId: string, distance: number): AffectedStep => ({
  key: `${workflowSlug.toLowerCase()}/${stepId}`,
  stepId,
  name: stepId,
  workflowSlug,
  workflowName: `The ${workflowSlug}`,
  distance,
});

/** `a` feeds `b` by Sales/clean, `b` feeds `c` by mail/send; Sales/publish reads `b` and produces nothing. */
const ANSWER = {
  impact: {
    byDistance: [
      { distance: 1, assets: [asset('B', 1, ['sales'], { owners: ['ada', 'bob'], latestVersion: 7 })] },
      { distance: 2, assets: [asset('c', 2, ['mail', 'sales', 'other'], { importance: 'HIGH' })] },
    ],
    steps: [step('Sales', 'clean', 1), step('mail', 'send', 2), step('Sales', 'publish', 2)],
  },
  lineage: { edges: [{ step: 'sales/clean' }, { step: 'mail/send' }] },
} as unknown as ImpactQuery;

const shown = (rows: ReturnType<typeof impactRows>): string[] =>
  rows.map((row) => {
    if (row.kind === 'group') return `# ${row.words}`;
    return row.kind === 'asset' ? row.asset.assetId : `step ${row.step.stepId}`;
  });

test('by distance: nearest first, with the steps that produce nothing', () => {
  expect(shown(impactRows(ANSWER, 'distance'))).toEqual([
    '# 1 hop: 1 asset',
    'B',
    '# 2 hops: 1 asset, 1 step that produces nothing',
    'c',
    'step publish',
  ]);
});

test('by workflow: an asset stands with each affected workflow that produces it', () => {
  expect(shown(impactRows(ANSWER, 'workflow'))).toEqual([
    '# The Sales: 2 assets, 1 step that produces nothing',
    'B',
    'c',
    'step publish',
    '# The mail: 1 asset',
    'c',
  ]);
});

test('an asset that no affected workflow declares is not lost', () => {
  const observed = {
    ...ANSWER,
    impact: { ...ANSWER.impact, byDistance: [{ distance: 1, assets: [asset('x', 1, [])] }] },
  };
  expect(shown(impactRows(observed as ImpactQuery, 'workflow')).slice(-2)).toEqual([
    '# Declared by no affected workflow: 1 asset',
    'x',
  ]);
});

test.each(['distance', 'workflow'] as const)('by %s every row has a key of its own', (by) => {
  const keys = impactRows(ANSWER, by).map((row) => row.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test('nothing affected, no rows', () => {
  const nothing = { impact: { byDistance: [], steps: [] }, lineage: { edges: [] } } as unknown as ImpactQuery;
  expect(impactRows(nothing, 'distance')).toEqual([]);
  expect(impactRows(nothing, 'workflow')).toEqual([]);
});

test('the table holds a row for each row shown, headings left out', () => {
  const { header, rows } = impactTable(impactRows(ANSWER, 'distance'), 'distance');
  expect(rows).toEqual([
    [1, 'asset', 'B', 'Fresh', 'ada; bob', undefined, 'Sales', 7, null, null],
    [2, 'asset', 'c', 'Fresh', '', 'high', 'mail; Sales; other', null, null, null],
    [2, 'step', 'publish', null, null, null, 'Sales', null, null, null],
  ]);
  expect(rows.every((row) => row.length === header.length)).toBe(true);
});

test('by workflow the table tells the group', () => {
  const { header, rows } = impactTable(impactRows(ANSWER, 'workflow'), 'workflow');
  expect(header[0]).toBe('workflow');
  expect(rows.map((row) => [row[0], row[3]])).toEqual([
    ['sales', 'B'],
    ['sales', 'c'],
    ['sales', 'publish'],
    ['mail', 'c'],
  ]);
});

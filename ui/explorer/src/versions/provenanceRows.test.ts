import { expect, test } from 'vitest';
import type { ProvenanceQuery } from '@/api/generated/graphql';
import { provenanceRows, provenanceTable, sidesOf, type Version } from './provenanceRows';

const version = (id: string, distance: number, more: Partial<Version> = {}): Version => ({
  id,
  assetId: `asset.${id}`,
  version: 1,
  partitionKey: null,
  producedAt: '2026-01-01T00:00:00.000Z',
  valid: true,
  distance,
  runId: 'r1',
  workflowSlug: 'Flow',
  stepId: 'make',
  attempt: 1,
  ...more,
});

const edge = (source: string, target: string) => ({ source, target });

/** raw → old → it → new; `it` also from raw; a run `r2` read `it` by a step `publish` and left nothing behind. */
const ANSWER = {
  snapshots: [
    version('it', 0),
    version('new', 1, { runId: 'r3', valid: false }),
    version('old', 1),
    version('raw', 1, { partitionKey: 'mon' }),
    version('older', 2),
  ],
  edges: [edge('old', 'it'), edge('raw', 'it'), edge('older', 'old'), edge('it', 'new')],
  runs: [
    { id: 'r1', status: 'SUCCEEDED', workflowSlug: 'Flow', distance: 0, run: { number: 1 } },
    { id: 'r3', status: 'FAILED', workflowSlug: 'Flow', distance: 1, run: { number: 3 } },
    { id: 'r2', status: 'SUCCEEDED', workflowSlug: 'Flow', distance: 1, run: { number: 2 } },
  ],
  steps: [
    { key: 'flow/make', stepId: 'make', name: 'Make', workflowSlug: 'Flow', distance: 0 },
    { key: 'flow/publish', stepId: 'publish', name: 'Publish', workflowSlug: 'Flow', distance: 1 },
  ],
} as unknown as ProvenanceQuery['provenance'];

const seen = (answer: ProvenanceQuery['provenance']): string[] =>
  provenanceRows('it', answer).map((row) => {
    if (row.kind === 'group') return `# ${row.words}`;
    return row.kind === 'version' ? row.version.id : row.key;
  });

test('the sides follow the edges, in a loop too', () => {
  expect([...sidesOf('it', ANSWER.edges)]).toEqual([
    ['old', 'up'],
    ['raw', 'up'],
    ['older', 'up'],
    ['new', 'down'],
  ]);
  expect([...sidesOf('a', [edge('a', 'b'), edge('b', 'a')])]).toEqual([['b', 'up']]);
  expect([...sidesOf('a', [edge('a', 'a')])]).toEqual([]);
});

test('nearest first, what it was made from before what was made from it, the readers last', () => {
  expect(seen(ANSWER)).toEqual([
    '# It was made from, 1 hop: 2 versions',
    'old',
    'raw',
    '# It was made from, 2 hops: 1 version',
    'older',
    '# Made from it, 1 hop: 1 version, 1 invalid',
    'new',
    'run r2',
    'step flow/publish',
  ]);
});

test('readers alone have a group', () => {
  const { runs, steps } = ANSWER;
  const read = { ...ANSWER, snapshots: ANSWER.snapshots.slice(0, 1), edges: [], runs: [runs[0], runs[2]], steps };
  expect(seen(read as ProvenanceQuery['provenance'])).toEqual(['# Made from it, 1 hop', 'run r2', 'step flow/publish']);
});

test('a version by itself has no rows', () => {
  const alone = {
    ...ANSWER,
    snapshots: ANSWER.snapshots.slice(0, 1),
    edges: [],
    runs: ANSWER.runs.slice(0, 1),
    steps: ANSWER.steps.slice(0, 1),
  };
  expect(seen(alone)).toEqual([]);
});

test('a version knows its run and step', () => {
  const row = provenanceRows('it', ANSWER).find((each) => each.key === 'new');
  expect(row).toMatchObject({ run: { id: 'r3' }, step: { name: 'Make' } });
});

test('the table holds a row for each row shown, headings left out', () => {
  const { header, rows } = provenanceTable(provenanceRows('it', ANSWER));
  expect(rows.every((row) => row.length === header.length)).toBe(true);
  expect(rows[1]).toEqual([
    ...['upstream', 1, 'asset.raw', 'mon', 1, 'raw', '2026-01-01T00:00:00.000Z', 'yes'],
    ...['Flow', 'r1', 'Succeeded', 'make', 1],
  ]);
  expect(rows.slice(-2)).toEqual([
    ['downstream', 1, null, null, null, null, null, null, 'Flow', 'r2', 'Succeeded', null, null],
    ['downstream', 1, null, null, null, null, null, null, 'Flow', null, null, 'publish', null],
  ]);
});

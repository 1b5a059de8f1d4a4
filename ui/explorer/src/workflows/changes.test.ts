import { describe, expect, test } from 'vitest';
import { changes, contents } from './changes';

const seen = (before: unknown, after: unknown): string[] =>
  changes(before, after).map(({ kind, words }) => `${kind}: ${words}`);

const asset = (assetId: string, said: object = {}) => ({ assetId, ...said });
const step = (id: string, said: object = {}) => ({ id, ...said });
const flow = (...steps: object[]) => ({ slug: 'flow', steps });

test('the same definition changed nothing, in whatever order its keys are', () => {
  const one = { slug: 'a', steps: [{ id: 's', produces: [{ assetId: 'x', schema: { type: 'object', title: 't' } }] }] };
  const other = {
    steps: [{ produces: [{ schema: { title: 't', type: 'object' }, assetId: 'x' }], id: 's' }],
    slug: 'a',
  };
  expect(seen(one, other)).toEqual([]);
});

test('steps are added and removed with what they do', () => {
  const audit = step('audit', { consumes: [asset('a'), asset('b')], produces: [asset('c')] });
  expect(seen(flow(step('load')), flow(step('load'), audit))).toEqual(['added: step audit: consumes a, b; produces c']);
  expect(seen(flow(step('load'), audit), flow(audit))).toEqual(['removed: step load']);
});

test('assets of a step are added and removed, on either side', () => {
  const before = flow(step('s', { consumes: [asset('a'), asset('b')], produces: [asset('x')] }));
  const after = flow(step('s', { consumes: [asset('b'), asset('c')], produces: [asset('x'), asset('y')] }));
  expect(seen(before, after)).toEqual([
    'added: step s: consumes c',
    'removed: step s: consumes a',
    'added: step s: produces y',
  ]);
});

test('an asset is the same without case', () => {
  expect(
    seen(flow(step('s', { produces: [asset('Sales')] })), flow(step('s', { produces: [asset('sales')] }))),
  ).toEqual([]);
});

describe('limits', () => {
  const limited = (freshness?: object) => flow(step('s', { produces: [asset('x', { freshness })] }));

  test('added, removed, changed, each by itself', () => {
    expect(seen(limited(), limited({ ttlMs: 3_600_000 }))).toEqual(['added: step s: produces x: expires after 1 h']);
    expect(seen(limited({ cadenceMs: 86_400_000 }), limited())).toEqual([
      'removed: step s: produces x: is due every 1 d',
    ]);
    expect(seen(limited({ ttlMs: 1000, maxAgeMs: 5000 }), limited({ ttlMs: 2000, maxAgeMs: 5000 }))).toEqual([
      'changed: step s: produces x: expires after 1 s → 2 s',
    ]);
  });

  test('null is the same as nothing', () => {
    expect(seen(limited({ ttlMs: 1000, maxAgeMs: null }), limited({ ttlMs: 1000 }))).toEqual([]);
  });
});

test('what is declared of an asset: short values are told, long ones named', () => {
  const declared = (said: object) => flow(step('s', { produces: [asset('x', said)] }));
  expect(seen(declared({ owner: 'ada' }), declared({ owner: 'bob', importance: 'high' }))).toEqual([
    'changed: step s: produces x: owner “ada” → “bob”',
    'added: step s: produces x: importance “high”',
  ]);
  const schema = (maximum: number) => ({
    type: 'object',
    properties: { rows: { type: 'integer', minimum: 0, maximum } },
  });
  expect(seen(declared({ schema: schema(1) }), declared({ schema: schema(2) }))).toEqual([
    'changed: step s: produces x: schema',
  ]);
});

test('the workflow itself, and keys of its orchestrator', () => {
  expect(
    seen({ slug: 'a', name: 'A', steps: [] }, { slug: 'a', name: 'B', triggers: [{ cron: '0 3 * * *' }], steps: [] }),
  ).toEqual(['changed: name “A” → “B”', 'added: triggers [{"cron":"0 3 * * *"}]']);
  expect(seen(flow(step('s', { jobSlug: 'one' })), flow(step('s', { jobSlug: 'two' })))).toEqual([
    'changed: step s: jobSlug “one” → “two”',
  ]);
});

test('a name that says what the id says is none', () => {
  expect(seen(flow(step('s')), flow(step('s', { name: 's' })))).toEqual([]);
});

test('dependencies', () => {
  expect(seen(flow(step('s', { dependsOn: ['a'] })), flow(step('s', { dependsOn: ['b'] })))).toEqual([
    'added: step s: depends on b',
    'removed: step s: depends on a',
  ]);
});

test('shapes that nobody expects are passed over', () => {
  expect(seen(null, { steps: 'none' })).toEqual([]);
  expect(seen({ steps: [7, { id: 1 }] }, { steps: [] })).toEqual(['removed: step ']);
});

test('what a definition holds', () => {
  expect(contents(flow(step('a', { produces: [asset('x')] }), step('b', { consumes: [asset('X'), asset('y')] })))).toBe(
    '2 steps, 2 assets',
  );
  expect(contents({})).toBe('0 steps, 0 assets');
});

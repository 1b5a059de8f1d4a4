import { describe, expect, it } from 'vitest';
import { type Concern, concernOf, concerns, shownBy } from './concerns';

const produced = (assetKey: string, more: Partial<Concern> = {}): Concern => ({
  ...concernOf({ type: 'ASSET_PRODUCED', assetKey, runId: 'r1', version: 4 }),
  ...more,
});
const ofRun = (type: 'RUN_STARTED' | 'RUN_FINISHED' | 'STEP_FINISHED', runId: string): Concern =>
  concernOf({ type, assetKey: null, runId, version: null });
const registered = concernOf({ type: 'WORKFLOW_REGISTERED', assetKey: null, runId: null, version: null });

const GRAPH = shownBy(['graph', ['Sales.Orders'], null], {
  reached: new Set(['sales.orders']),
  subgraph: { assets: [{ key: 'sales.orders', assetId: 'Sales.Orders' }, { key: 'raw.orders' }], steps: [], edges: [] },
});
const CATALOGUE = shownBy(['pages', 'query Assets', { text: null, state: null }], {
  pages: [{ assets: { nodes: [{ key: 'a', latest: { runId: 'r0' } }] } }],
});
const RUNS = shownBy(['pages', 'query Runs', { status: null }], { pages: [{ runs: { nodes: [{ runId: 'r1' }] } }] });
const RUN = shownBy(['query Run', { id: 'r1' }], { run: { runId: 'r1', steps: [] } });

it('knows an event by its type', () => {
  expect(produced('a')).toEqual({ kind: 'asset', assets: ['a'], run: 'r1', first: false });
  expect(ofRun('STEP_FINISHED', 'r1')).toEqual({ kind: 'step', assets: [], run: 'r1', first: false });
  expect(registered).toEqual({ kind: 'workflow', assets: [], run: null, first: false });
  expect(concernOf({ type: 'ASSET_PRODUCED', assetKey: 'a', runId: null, version: 1 }).first).toBe(true);
});

describe('what happens to an asset', () => {
  it('concerns what shows it, whatever its case, and nothing else', () => {
    expect(concerns(produced('sales.orders'), GRAPH)).toBe(true);
    expect(concerns(produced('raw.orders'), GRAPH)).toBe(true);
    expect(concerns(produced('raw.payments'), GRAPH)).toBe(false);
    expect(concerns(produced('a'), CATALOGUE)).toBe(true);
    expect(concerns(produced('b'), CATALOGUE)).toBe(false);
    expect(concerns(produced('a'), RUNS)).toBe(false);
  });

  it('concerns a question for it that found nothing', () => {
    expect(concerns(produced('new'), shownBy(['query Asset', { id: 'New' }], { asset: null }))).toBe(true);
  });

  it('concerns the run that was asked for', () => {
    expect(concerns(produced('a'), RUN)).toBe(true);
    expect(concerns(produced('a', { run: 'r2' }), RUN)).toBe(false);
  });

  it('concerns lists that it may come into', () => {
    expect(concerns(produced('b', { first: true }), CATALOGUE)).toBe(true);
    const stale = shownBy(['pages', 'query Assets', { state: 'STALE' }], { pages: [{ assets: { nodes: [] } }] });
    expect(concerns(produced('b'), stale)).toBe(true);
    expect(concerns(produced('b'), shownBy(['query Run', { status: 'FAILED', state: 'x' }], {}))).toBe(false);
  });

  it('does not concern what merely has its name in a payload', () => {
    const version = shownBy(['query Version', { id: 's1' }], { snapshot: { payload: { assetId: 'a' } } });
    expect(concerns(produced('a'), version)).toBe(false);
  });
});

describe('what happens in a run', () => {
  it('concerns what shows it', () => {
    expect(concerns(ofRun('STEP_FINISHED', 'r1'), RUN)).toBe(true);
    expect(concerns(ofRun('STEP_FINISHED', 'r1'), RUNS)).toBe(true);
    expect(concerns(ofRun('STEP_FINISHED', 'r2'), RUNS)).toBe(false);
    expect(concerns(ofRun('RUN_FINISHED', 'r2'), GRAPH)).toBe(false);
  });

  it('concerns every list of runs that it may come into or leave', () => {
    expect(concerns(ofRun('RUN_STARTED', 'r2'), RUNS)).toBe(true);
    expect(concerns(ofRun('RUN_FINISHED', 'r2'), RUNS)).toBe(true);
    expect(concerns(ofRun('RUN_STARTED', 'r2'), RUN)).toBe(false);
  });
});

it('a definition concerns everything', () => {
  for (const shown of [GRAPH, CATALOGUE, RUNS, RUN]) expect(concerns(registered, shown)).toBe(true);
});

it('nothing concerns a past instant', () => {
  const past = shownBy(['query Panel', { id: 'a', asOf: { instant: '2026-01-01' } }], { asset: { key: 'a' } });
  expect(concerns(produced('a'), past)).toBe(false);
  expect(concerns(registered, past)).toBe(false);
  expect(concerns(produced('a'), shownBy(['query Panel', { id: 'a', asOf: null }], { asset: { key: 'a' } }))).toBe(
    true,
  );
});

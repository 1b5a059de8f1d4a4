/** Which answers an event concerns: those that show the asset, the run or the workflow as it is now. */
import type { EventType } from '@/api/generated/graphql';

/** What happened, as far as it matters here. Assets by key, the run by its id. */
export interface Concern {
  kind: 'asset' | 'run' | 'step' | 'workflow';
  assets: readonly string[];
  run: string | null;
  /** The first version of an asset: lists of assets may have one more. */
  first: boolean;
}

interface EventFacts {
  type: EventType;
  assetKey: string | null;
  runId: string | null;
  version: number | null;
}

export function concernOf({ type, assetKey, runId, version }: EventFacts): Concern {
  const kind = type.split('_', 1)[0]?.toLowerCase() as Concern['kind'];
  return { kind, assets: assetKey === null ? [] : [assetKey], run: runId, first: version === 1 };
}

/** What an answer shows. */
export interface Shown {
  /** Keys of assets, in lower case. */
  assets: ReadonlySet<string>;
  runs: ReadonlySet<string>;
  /** Every text of the question, in lower case: ids that were asked for, whether anything was found or not. */
  asked: ReadonlySet<string>;
  /** Which lists there are in it: "assets", "runs", "runRequests", "workflows". */
  lists: ReadonlySet<string>;
  /** Whether its assets are chosen by what a production changes. */
  sieved: boolean;
  /** Whether it shows a past instant. */
  past: boolean;
}

/** Values of others' making, in which any name may stand for anything. */
const FOREIGN = new Set(['payload', 'data', 'parameters', 'context', 'output', 'definition', 'schema', 'causes']);
const ASSET_NAMES = new Set(['key', 'assetId', 'assetKey']);
const LISTS = new Set(['assets', 'runs', 'runRequests', 'workflows']);
const SIEVES = new Set(['state', 'valid', 'producedSince', 'producedBefore']);

/** `question` is what the cache knows the answer by. */
export function shownBy(question: unknown, answer: unknown): Shown {
  const [assets, runs, lists] = [new Set<string>(), new Set<string>(), new Set<string>()];
  walk(answer, (name, value) => {
    if (typeof value === 'string') {
      if (ASSET_NAMES.has(name)) assets.add(value.toLowerCase());
      else if (name === 'runId') runs.add(value);
    } else if (LISTS.has(name) && value !== null && typeof value === 'object' && 'nodes' in value) lists.add(name);
    return !FOREIGN.has(name);
  });
  const asked = new Set<string>();
  let [sieved, past] = [false, false];
  walk(question, (name, value) => {
    if (typeof value === 'string') asked.add(value.toLowerCase());
    if (value !== null && SIEVES.has(name)) sieved = true;
    if (value !== null && name === 'asOf') past = true;
    return true;
  });
  return { assets, runs, asked, lists, sieved, past };
}

/** Visits every member of objects and lists; what `visit` says no to is not entered. */
function walk(value: unknown, visit: (name: string, value: unknown) => boolean): void {
  if (value === null || typeof value !== 'object') return;
  for (const [name, member] of Object.entries(value)) if (visit(name, member)) walk(member, visit);
}

export function concerns(concern: Concern, shown: Shown): boolean {
  if (shown.past) return false;
  const { kind, assets, run, first } = concern;
  // What a definition says may lead anywhere: who depends on whom, what is declared, what is searched for.
  if (kind === 'workflow') return true;
  if (run !== null && shown.asked.has(run.toLowerCase())) return true;
  if (kind === 'run' && (shown.lists.has('runs') || shown.lists.has('runRequests'))) return true;
  if (kind !== 'asset') return run !== null && shown.runs.has(run);
  if (shown.lists.has('assets') && (shown.sieved || first)) return true;
  return assets.some((asset) => shown.assets.has(asset) || shown.asked.has(asset));
}

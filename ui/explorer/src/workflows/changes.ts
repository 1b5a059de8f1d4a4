/** What changed from one definition of a workflow to another, in words. */
import { counted } from '@/format/numbers';
import { duration } from '@/format/time';
import { type AssetDeclaration, type Definition, readDefinition, type StepDefinition } from './definition';

export interface Change {
  kind: 'added' | 'removed' | 'changed';
  words: string;
}

/** In the order of the newer definition, the workflow's own first; what is gone at the end. */
export function changes(before: unknown, after: unknown): Change[] {
  const [old, now] = [readDefinition(before), readDefinition(after)];
  return [...ofKeys('', old.rest, now.rest), ...ofSteps(old, now)];
}

/** What a first definition holds: "2 steps, 3 assets". */
export function contents(definition: unknown): string {
  const { steps } = readDefinition(definition);
  const ids = steps.flatMap((step) => [...step.produces, ...step.consumes].map(keyOf));
  return `${counted(steps.length, 'step')}, ${counted(new Set(ids).size, 'asset')}`;
}

function ofSteps(before: Definition, after: Definition): Change[] {
  const { added, kept, removed } = matched(before.steps, after.steps, (step) => step.id);
  return [
    ...kept.flatMap(([old, now]) => ofStep(old, now)),
    ...added.map((step) => wasAdded(`step ${step.id}${says(step)}`)),
    ...removed.map((step) => wasRemoved(`step ${step.id}${says(step)}`)),
  ];
}

function ofStep(old: StepDefinition, now: StepDefinition): Change[] {
  const where = `step ${now.id}: `;
  return [
    ...ofKeys(where, { name: old.name, ...old.rest }, { name: now.name, ...now.rest }),
    ...ofIds(`${where}depends on `, old.dependsOn, now.dependsOn),
    ...ofAssets(now.id, 'consumes', old.consumes, now.consumes),
    ...ofAssets(now.id, 'produces', old.produces, now.produces),
  ];
}

function ofAssets(step: string, verb: string, before: AssetDeclaration[], after: AssetDeclaration[]): Change[] {
  const { added, kept, removed } = matched(before, after, keyOf);
  return [
    ...added.map((asset) => wasAdded(`step ${step}: ${verb} ${asset.assetId}`)),
    ...removed.map((asset) => wasRemoved(`step ${step}: ${verb} ${asset.assetId}`)),
    ...kept.flatMap(([old, now]) => ofKeys(`step ${step}: ${verb} ${now.assetId}: `, old.said, now.said)),
  ];
}

/** Keys and their values; limits each by itself. */
function ofKeys(where: string, before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((key) => {
    const [old, now] = [before[key] ?? null, after[key] ?? null];
    if (same(old, now)) return [];
    if (key === 'freshness') return ofLimits(where, old, now);
    if (old === null) return wasAdded(`${where}${key}${value(now, ' ')}`);
    if (now === null) return wasRemoved(`${where}${key}${value(old, ' ')}`);
    const told = value(old, '') && value(now, '') ? ` ${value(old, '')} → ${value(now, '')}` : '';
    return wasChanged(`${where}${key}${told}`);
  });
}

const LIMITS: Record<string, string> = { ttlMs: 'expires after', cadenceMs: 'is due every', maxAgeMs: 'is at most' };

function ofLimits(where: string, before: unknown, after: unknown): Change[] {
  const [old, now] = [before ?? {}, after ?? {}] as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys({ ...now, ...old }).flatMap((limit) => {
    const [from, to] = [old[limit] ?? null, now[limit] ?? null];
    if (same(from, to)) return [];
    const named = `${where}${LIMITS[limit] ?? limit}`;
    if (from === null) return wasAdded(`${named} ${time(to)}`);
    if (to === null) return wasRemoved(`${named} ${time(from)}`);
    return wasChanged(`${named} ${time(from)} → ${time(to)}`);
  });
}

function ofIds(where: string, before: string[], after: string[]): Change[] {
  const { added, removed } = matched(before, after, (id) => id);
  return [...added.map((id) => wasAdded(`${where}${id}`)), ...removed.map((id) => wasRemoved(`${where}${id}`))];
}

function matched<Item>(before: readonly Item[], after: readonly Item[], key: (item: Item) => string) {
  const old = new Map(before.map((item) => [key(item), item]));
  const now = new Map(after.map((item) => [key(item), item]));
  return {
    added: [...now].filter(([id]) => !old.has(id)).map(([, item]) => item),
    removed: [...old].filter(([id]) => !now.has(id)).map(([, item]) => item),
    kept: [...now].flatMap(([id, item]) => {
      const was = old.get(id);
      return was === undefined ? [] : [[was, item] as const];
    }),
  };
}

function says(step: StepDefinition): string {
  const parts = (['consumes', 'produces'] as const)
    .filter((verb) => step[verb].length > 0)
    .map((verb) => `${verb} ${step[verb].map((asset) => asset.assetId).join(', ')}`);
  return parts.length > 0 ? `: ${parts.join('; ')}` : '';
}

const wasAdded = (words: string): Change => ({ kind: 'added', words });
const wasRemoved = (words: string): Change => ({ kind: 'removed', words });
const wasChanged = (words: string): Change => ({ kind: 'changed', words });

const keyOf = (asset: AssetDeclaration): string => asset.assetId.toLowerCase();
const time = (ms: unknown): string => (typeof ms === 'number' ? duration(ms) : JSON.stringify(ms));

/** A value short enough to stand in a sentence, after `space`; of a longer one nothing. */
function value(of: unknown, space: string): string {
  const text = typeof of === 'string' ? `“${of}”` : JSON.stringify(of);
  return text.length <= LONGEST ? space + text : '';
}
const LONGEST = 60;

/** Equal as JSON: the order of an object's keys does not matter. */
function same(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), other as Record<string, unknown>];
  return (
    left.length === Object.keys(right).length && left.every(([key, each]) => key in right && same(each, right[key]))
  );
}

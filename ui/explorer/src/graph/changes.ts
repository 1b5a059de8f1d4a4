/** What differs between two instants: the graph of both, and what was added, is gone, or changed in between. */
import type { AssetFact, Subgraph } from './facts';
import { assetNode, edgeKey, type Line, stepNode } from './model';

export type Change = 'added' | 'gone' | 'changed';

export interface Instant {
  /** Keys of the assets that the walk reached at this instant. */
  reached: ReadonlySet<string>;
  subgraph: Subgraph;
}

export interface Changes {
  /** Everything of both instants; facts are those of the later one where it has them. */
  union: Subgraph;
  /** By card id. */
  cards: ReadonlyMap<string, Change>;
  /** By `edgeKey`. */
  edges: ReadonlyMap<string, Change>;
  /** By asset key: the newest version number at the earlier instant. */
  versionsBefore: ReadonlyMap<string, number>;
  counts: Readonly<Record<Change, number>>;
}

export function compare(before: Instant, after: Instant): Changes {
  const [then, now] = [present(before), present(after)];
  const cards = new Map<string, Change>();
  for (const [key, fact] of now.assets) {
    const earlier = then.assets.get(key);
    if (!earlier) cards.set(assetNode(key), 'added');
    else if (differs(earlier, fact)) cards.set(assetNode(key), 'changed');
  }
  for (const key of then.assets.keys()) if (!now.assets.has(key)) cards.set(assetNode(key), 'gone');
  for (const key of now.steps.keys()) if (!then.steps.has(key)) cards.set(stepNode(key), 'added');
  for (const key of then.steps.keys()) if (!now.steps.has(key)) cards.set(stepNode(key), 'gone');
  const edges = new Map<string, Change>();
  for (const key of now.edges.keys()) if (!then.edges.has(key)) edges.set(key, 'added');
  for (const key of then.edges.keys()) if (!now.edges.has(key)) edges.set(key, 'gone');
  const counts = { added: 0, gone: 0, changed: 0 };
  for (const [id, change] of cards) if (id.startsWith('asset:')) counts[change] += 1;
  return {
    union: {
      assets: [...new Map([...then.assets, ...now.assets]).values()],
      steps: [...new Map([...then.steps, ...now.steps]).values()],
      edges: [...new Map([...then.edges, ...now.edges]).values()],
    },
    cards,
    edges,
    versionsBefore: new Map(
      [...then.assets].flatMap(([key, fact]) => (fact.latest ? [[key, fact.latest.version] as const] : [])),
    ),
    counts,
  };
}

/** The one change of all that a line stands for; some of them changed: the line did. */
export function changeOf(line: Line, edges: ReadonlyMap<string, Change>): Change | undefined {
  const [first, ...others] = line.edges.map((edge) => edges.get(edge));
  if (others.every((change) => change === first)) return first;
  return 'changed';
}

function present({ reached, subgraph }: Instant) {
  const within = (key: string): boolean => reached.has(key);
  const edges = subgraph.edges.filter((edge) => within(edge.source) && within(edge.target));
  const used = new Set(edges.map((edge) => edge.step));
  return {
    assets: new Map(subgraph.assets.filter((asset) => within(asset.key)).map((asset) => [asset.key, asset])),
    steps: new Map(subgraph.steps.filter((step) => used.has(step.key)).map((step) => [step.key, step])),
    edges: new Map(edges.map((edge) => [edgeKey(edge), edge])),
  };
}

const makers = (fact: AssetFact): string =>
  fact.producedBy
    .map((step) => step.key)
    .sort()
    .join(' ');

const differs = (before: AssetFact, after: AssetFact): boolean =>
  before.latest?.snapshotId !== after.latest?.snapshotId || makers(before) !== makers(after);

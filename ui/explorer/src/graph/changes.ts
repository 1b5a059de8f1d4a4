/** What differs between two instants: the graph of both, and what was added, is gone, or changed in between. */
import type { AssetFact, EdgeFact, StepFact, Subgraph } from './facts';
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

/** With newer facts about some of its assets; the rest stays the same objects, and everything where it was. */
export function withFacts<Part extends Instant>(part: Part, facts: readonly AssetFact[]): Part {
  const newer = new Map(facts.map((fact) => [fact.key, fact]));
  const assets = part.subgraph.assets.map((fact) => newer.get(fact.key) ?? fact);
  return { ...part, subgraph: { ...part.subgraph, assets } };
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
      assets: [...then.assets.values()].filter((asset) => !now.assets.has(asset.key)).concat(withGone(now, then)),
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

interface Present {
  assets: ReadonlyMap<string, AssetFact>;
  steps: ReadonlyMap<string, StepFact>;
  edges: ReadonlyMap<string, EdgeFact>;
}

/** The assets of now. Neighbours that are gone are drawn, so they count: they must not pass for ones not yet shown. */
function withGone(now: Present, then: Present): AssetFact[] {
  const [up, down] = [new Map<string, number>(), new Map<string, number>()];
  const seen = new Set([...now.edges.values()].map(ends));
  for (const edge of then.edges.values()) {
    if (edge.source === edge.target || seen.has(ends(edge))) continue;
    seen.add(ends(edge));
    up.set(edge.target, (up.get(edge.target) ?? 0) + 1);
    down.set(edge.source, (down.get(edge.source) ?? 0) + 1);
  }
  return [...now.assets.values()].map((fact) => ({
    ...fact,
    upstreamCount: fact.upstreamCount + (up.get(fact.key) ?? 0),
    downstreamCount: fact.downstreamCount + (down.get(fact.key) ?? 0),
  }));
}

const ends = ({ source, target }: EdgeFact): string => `${source}|${target}`;

/** The one change of all that a line stands for; some of them changed: the line did. */
export function changeOf(line: Line, edges: ReadonlyMap<string, Change>): Change | undefined {
  const [first, ...others] = line.edges.map((edge) => edges.get(edge));
  if (others.every((change) => change === first)) return first;
  return 'changed';
}

function present({ reached, subgraph }: Instant): Present {
  const within = (key: string): boolean => reached.has(key);
  const edges = subgraph.edges.filter((edge) => within(edge.source) && within(edge.target));
  const used = new Set(edges.map((edge) => edge.step));
  const assets = subgraph.assets.filter((asset) => within(asset.key));
  const steps = [
    ...assets.flatMap((asset) => asset.producedBy), // Some make an asset of nothing, by no edge.
    ...subgraph.steps.filter((step) => used.has(step.key)),
  ];
  return {
    assets: new Map(assets.map((asset) => [asset.key, asset])),
    steps: new Map(steps.map((step) => [step.key, step])),
    edges: new Map(edges.map((edge) => [edgeKey(edge), edge])),
  };
}

const makers = (fact: AssetFact): string =>
  fact.producedBy
    .map((step) => step.key)
    .sort()
    .join('\n');

const differs = (before: AssetFact, after: AssetFact): boolean =>
  before.latest?.snapshotId !== after.latest?.snapshotId || makers(before) !== makers(after);

/** From what the service says to what is seen: which assets, which boxes, which edges, and how many each side hides. */
import type { FreshnessState } from '@/api/generated/graphql';
import type { AssetFact, EdgeFact, StepFact, Subgraph } from './facts';
import { type Place, printPlace, type View } from './view';

/** An asset on the canvas. */
export interface AssetCard {
  kind: 'asset';
  id: string;
  fact: AssetFact;
  root: boolean;
  /** Neighbours that are there and not shown. */
  hidden: { up: number; down: number };
  /** Whether a side shows neighbours that can be put away again. */
  shown: { up: boolean; down: boolean };
  /** The workflow that it stands with. */
  group: Group | null;
}

export interface StepCard {
  kind: 'step';
  id: string;
  fact: StepFact;
  group: Group;
}

/** A workflow whose box is shut. */
export interface FoldedCard {
  kind: 'folded';
  id: string;
  group: Group;
  assets: number;
  worst: FreshnessState;
}

export type Card = AssetCard | StepCard | FoldedCard;

export interface Group {
  slug: string;
  name: string;
}

export interface Line {
  id: string;
  source: string;
  target: string;
  /** The steps that make the target from the source; empty where a step stands as a card of its own. */
  steps: readonly StepFact[];
  /** What it stands for: `edgeKey` of each. */
  edges: readonly string[];
}

export interface Seen {
  cards: readonly Card[];
  lines: readonly Line[];
  /** Open boxes and the ids of the cards in them. */
  boxes: readonly { group: Group; cards: readonly string[] }[];
}

type Shape = Pick<View, 'closed' | 'steps' | 'grouped' | 'folded'>;

export const assetNode = (key: string): string => `asset:${key}`;
export const stepNode = (key: string): string => `step:${key}`;
export const groupNode = (slug: string): string => `group:${slug}`;
export const edgeKey = ({ source, step, target }: EdgeFact): string => `${source}|${step}|${target}`;

/** The whole way; `roots` are asset keys. */
export function see(subgraph: Subgraph, roots: ReadonlySet<string>, view: Shape): Seen {
  const kept = reachable(subgraph, roots, view.closed);
  const edges = subgraph.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target));
  const assets = subgraph.assets.filter((asset) => kept.has(asset.key));
  const neighbours = adjacency(edges);
  const cards: Card[] = assets.map((fact) => assetCard(fact, roots.has(fact.key), neighbours));
  const steps = new Map(subgraph.steps.map((step) => [step.key, step]));
  const drawn = view.steps ? withSteps(cards as AssetCard[], edges, steps) : { cards, lines: folded(edges, steps) };
  return view.grouped ? grouped(drawn.cards, drawn.lines, new Set(view.folded)) : { ...drawn, boxes: [] };
}

/** Keys of the assets that a way leads to from the roots, over no side that is shut. */
function reachable(subgraph: Subgraph, roots: ReadonlySet<string>, closed: readonly Place[]): Set<string> {
  const all = adjacency(subgraph.edges);
  const known = new Set(subgraph.assets.map((asset) => asset.key));
  const shut = new Set(closed.map(printPlace));
  const found = new Set([...roots].filter((key) => known.has(key)));
  const waiting = [...found];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    for (const side of ['up', 'down'] as const) {
      if (shut.has(printPlace({ key, side }))) continue;
      for (const next of all[side].get(key) ?? []) {
        if (found.has(next)) continue;
        found.add(next);
        waiting.push(next);
      }
    }
  }
  return found;
}

interface Adjacency {
  up: Map<string, Set<string>>;
  down: Map<string, Set<string>>;
}

function adjacency(edges: readonly EdgeFact[]): Adjacency {
  const found: Adjacency = { up: new Map(), down: new Map() };
  for (const { source, target } of edges) {
    if (source === target) continue;
    put(found.up, target, source);
    put(found.down, source, target);
  }
  return found;
}

function put(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}

function assetCard(fact: AssetFact, root: boolean, neighbours: Adjacency): AssetCard {
  const up = neighbours.up.get(fact.key)?.size ?? 0;
  const down = neighbours.down.get(fact.key)?.size ?? 0;
  return {
    kind: 'asset',
    id: assetNode(fact.key),
    fact,
    root,
    hidden: { up: Math.max(0, fact.upstreamCount - up), down: Math.max(0, fact.downstreamCount - down) },
    shown: { up: up > 0, down: down > 0 },
    group: groupOf(fact),
  };
}

function groupOf(fact: AssetFact): Group | null {
  const producers = fact.producedBy.map((step) => ({ slug: step.workflowSlug, name: step.workflowName }));
  return producers.reduce<Group | null>((one, other) => (one && one.slug <= other.slug ? one : other), null);
}

/** Lines by their ends: what joins the same two cards is one line. */
class Lines {
  private readonly byEnds = new Map<string, { steps: StepFact[]; edges: string[] } & Line>();

  add(source: string, target: string, steps: readonly StepFact[], edges: readonly string[]): void {
    const id = `${source}>${target}`;
    const line = this.byEnds.get(id);
    if (line) {
      line.steps.push(...steps);
      line.edges.push(...edges);
    } else this.byEnds.set(id, { id, source, target, steps: [...steps], edges: [...edges] });
  }

  all(): Line[] {
    return [...this.byEnds.values()];
  }
}

/** One line from asset to asset, whatever the number of steps that make it. */
function folded(edges: readonly EdgeFact[], steps: ReadonlyMap<string, StepFact>): Line[] {
  const lines = new Lines();
  for (const edge of edges) {
    const step = steps.get(edge.step);
    lines.add(assetNode(edge.source), assetNode(edge.target), step ? [step] : [], [edgeKey(edge)]);
  }
  return lines.all();
}

/** Asset to step and step to asset; also the steps that make an asset of nothing. */
function withSteps(
  assets: readonly AssetCard[],
  edges: readonly EdgeFact[],
  steps: ReadonlyMap<string, StepFact>,
): { cards: Card[]; lines: Line[] } {
  const used = new Map<string, StepFact>();
  const lines = new Lines();
  for (const edge of edges) {
    const step = steps.get(edge.step);
    if (!step) continue;
    used.set(step.key, step);
    lines.add(assetNode(edge.source), stepNode(step.key), [], [edgeKey(edge)]);
    lines.add(stepNode(step.key), assetNode(edge.target), [], [edgeKey(edge)]);
  }
  for (const { fact, hidden } of assets) {
    // Of what is hidden nobody knows which steps it feeds: they come with it.
    if (hidden.up > 0) continue;
    for (const step of fact.producedBy) {
      used.set(step.key, step);
      lines.add(stepNode(step.key), assetNode(fact.key), [], []);
    }
  }
  const cards: Card[] = [...used.values()].map((fact) => ({
    kind: 'step',
    id: stepNode(fact.key),
    fact,
    group: { slug: fact.workflowSlug, name: fact.workflowName },
  }));
  return { cards: [...assets, ...cards], lines: lines.all() };
}

const SEVERITY: readonly FreshnessState[] = ['UNKNOWN', 'FRESH', 'DUE', 'STALE', 'EXPIRED', 'MISSING'];

/** The worst of states; what is unknown is no worse than what is fresh. */
export const worst = (states: Iterable<FreshnessState>): FreshnessState =>
  [...states].reduce((one, other) => (SEVERITY.indexOf(other) > SEVERITY.indexOf(one) ? other : one), 'UNKNOWN');

function grouped(cards: readonly Card[], lines: readonly Line[], shut: ReadonlySet<string>): Seen {
  const groups = new Map<string, { group: Group; cards: Card[] }>();
  for (const card of cards) {
    if (!card.group) continue;
    const known = groups.get(card.group.slug);
    if (known) known.cards.push(card);
    else groups.set(card.group.slug, { group: card.group, cards: [card] });
  }
  const standsFor = new Map<string, string>();
  const shownCards = cards.filter((card) => !card.group || !shut.has(card.group.slug));
  const foldedCards: FoldedCard[] = [];
  for (const [slug, { group, cards: inside }] of groups) {
    if (!shut.has(slug)) continue;
    const id = groupNode(slug);
    for (const card of inside) standsFor.set(card.id, id);
    const assets = inside.filter((card) => card.kind === 'asset');
    foldedCards.push({
      kind: 'folded',
      id,
      group,
      assets: assets.length,
      worst: worst(assets.map((card) => card.fact.freshness.state)),
    });
  }
  const merged = new Lines();
  for (const line of lines) {
    const source = standsFor.get(line.source) ?? line.source;
    const target = standsFor.get(line.target) ?? line.target;
    if (source === target && source !== line.source) continue;
    merged.add(source, target, line.steps, line.edges);
  }
  const boxes = [...groups.values()]
    .filter(({ group }) => !shut.has(group.slug))
    .map(({ group, cards: inside }) => ({ group, cards: inside.map((card) => card.id) }));
  return { cards: [...shownCards, ...foldedCards], lines: merged.all(), boxes };
}

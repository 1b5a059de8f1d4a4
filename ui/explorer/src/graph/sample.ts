/** Small graphs for the tests. */
import type { FreshnessState } from '@/api/generated/graphql';
import { grouped } from '@/format/groups';
import type { AssetFact, StepFact, Subgraph } from './facts';

/** A step by its key, `workflow/id`. */
export function step(key: string): StepFact {
  const [slug, ...id] = key.split('/');
  const name = id.join('/');
  return { key, stepId: name, name, type: 'JOB', workflowSlug: slug as string, workflowName: `Workflow ${slug}` };
}

interface Told {
  version?: number;
  valid?: boolean;
  state?: FreshnessState;
  /** Keys of steps that make it, beside those of the edges. */
  by?: readonly string[];
  /** Neighbours beyond the graph. */
  moreUp?: number;
  moreDown?: number;
}

/**
 * A graph of edges written as `source > step > target`, and of what else is told of its assets; with counts and
 * producers as the service gives them.
 */
export function graph(edges: readonly string[], assets: Readonly<Record<string, Told>> = {}): Subgraph {
  const parts = edges.map((edge) => {
    const [source, by, target] = edge.split(' > ') as [string, string, string];
    return { source, step: by, target };
  });
  const keys = new Set([...Object.keys(assets), ...parts.flatMap(({ source, target }) => [source, target])]);
  const into = grouped(parts, (edge) => edge.target);
  const outOf = grouped(parts, (edge) => edge.source);
  const others = (key: string, found: readonly string[]): number =>
    new Set(found.filter((other) => other !== key)).size;
  const fact = (key: string): AssetFact => {
    const { version, valid = true, state = 'UNKNOWN', by = [], moreUp = 0, moreDown = 0 } = assets[key] ?? {};
    const [before, after] = [into.get(key) ?? [], outOf.get(key) ?? []];
    const makers = new Set([...by, ...before.map((edge) => edge.step)]);
    return {
      key,
      assetId: key.toUpperCase(),
      upstreamCount:
        others(
          key,
          before.map((edge) => edge.source),
        ) + moreUp,
      downstreamCount:
        others(
          key,
          after.map((edge) => edge.target),
        ) + moreDown,
      producedBy: [...makers].sort().map(step),
      freshness: { state },
      latest:
        version === undefined
          ? null
          : { snapshotId: `${key}@${version}`, version, producedAt: '2026-11-23T12:00:00.000Z', valid },
      asset: { importance: null },
    };
  };
  return {
    assets: [...keys].sort().map(fact),
    steps: [...new Set(parts.map((edge) => edge.step))].sort().map(step),
    edges: parts,
  };
}

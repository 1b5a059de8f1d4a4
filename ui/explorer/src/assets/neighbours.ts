/** What stands next to an asset: the steps that make and use it, each with the assets on its other side. */
import type { PanelLineageStepFragment, PanelWalkFragment } from '@/api/generated/graphql';

export interface StepBeside extends PanelLineageStepFragment {
  /** Ids of the assets on its other side, by key. */
  assets: readonly string[];
}

/**
 * The steps of a walk of one hop from the asset with the key `root`, and `also` those that have nothing on their other
 * side, which no walk crosses; by workflow and name.
 */
export function stepsBeside(
  root: string,
  way: 'upstream' | 'downstream',
  walk: PanelWalkFragment,
  also: readonly PanelLineageStepFragment[],
): StepBeside[] {
  const ids = new Map(walk.assets.map((asset) => [asset.key, asset.assetId]));
  const [near, far] = way === 'upstream' ? (['target', 'source'] as const) : (['source', 'target'] as const);
  const beside = new Map<string, Set<string>>();
  for (const edge of walk.edges) {
    if (edge[near] !== root) continue;
    const others = beside.get(edge.step) ?? new Set();
    beside.set(edge.step, others.add(edge[far]));
  }
  const steps = new Map(
    [...also, ...walk.steps.filter((step) => beside.has(step.key))].map((step) => [step.key, step]),
  );
  return [...steps.values()]
    .map(({ key, stepId, name, workflowSlug, workflowName }) => ({
      key,
      stepId,
      name,
      workflowSlug,
      workflowName,
      assets: [...(beside.get(key) ?? [])].sort().map((other) => ids.get(other) ?? other),
    }))
    .sort((one, other) => order(one).localeCompare(order(other)));
}

const order = (step: StepBeside): string => `${step.workflowName}\n${step.name}\n${step.key}`;

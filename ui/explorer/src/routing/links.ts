/** The addresses of the page's views; every link in the page comes from here. */

const segment = encodeURIComponent;

export const links = {
  /** The catalogue; with a text, the assets in which it occurs. */
  assets: (text?: string): string => (text ? `/?text=${segment(text)}` : '/'),
  asset: (id: string, tab?: AssetTab): string => `/assets/${segment(id)}${tab ? `/${tab}` : ''}`,
  /** The history of one partition, or with a version checked for a comparison. */
  history: (id: string, chosen: { partition?: string; compare?: string }): string =>
    `/assets/${segment(id)}/history?${new URLSearchParams(chosen)}`,
  version: (snapshotId: string): string => `/versions/${segment(snapshotId)}`,
  provenance: (snapshotId: string): string => `/versions/${segment(snapshotId)}?view=provenance`,
  compare: (from: string, to: string): string => `/compare?from=${segment(from)}&to=${segment(to)}`,
  workflows: (): string => '/workflows',
  workflow: (slug: string, tab?: WorkflowTab): string => `/workflows/${segment(slug)}${tab ? `/${tab}` : ''}`,
  step: (slug: string, stepId: string): string => `/workflows/${segment(slug)}/steps?step=${segment(stepId)}`,
  runs: (): string => '/runs',
  run: (id: string): string => `/runs/${segment(id)}`,
  requests: (): string => '/requests',
  /** What happened; to one asset, or all that `sales.*` stands for. */
  events: (asset?: string): string => (asset ? `/events?asset=${segment(asset)}` : '/events'),
  /** Whether all is well with these assets and what they are made from. */
  gate: (...assets: string[]): string =>
    assets.length > 0 ? `/gate?${new URLSearchParams({ assets: assets.join(' '), upstream: 'yes' })}` : '/gate',
  webhooks: (): string => '/webhooks',
  webhook: (id: string): string => `/webhooks/${segment(id)}`,
};

export const ASSET_TABS = ['lineage', 'overview', 'history', 'impact'] as const;
export type AssetTab = (typeof ASSET_TABS)[number];

export const WORKFLOW_TABS = ['lineage', 'steps', 'runs', 'revisions'] as const;
export type WorkflowTab = (typeof WORKFLOW_TABS)[number];

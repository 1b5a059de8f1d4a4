/** What is most asked of one asset, beside the graph; in a narrow window a sheet at the foot. */
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { AsOf, AssetPanelQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { counted } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { links } from '@/routing/links';
import { buttonClass } from '@/ui/Button';
import { JsonTree } from '@/ui/JsonTree';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Facts } from '@/ui/Page';
import { SidePanel } from '@/ui/SidePanel';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { VersionLink } from '@/versions/VersionLink';
import styles from './AssetPanel.module.css';
import { stepsBeside } from './neighbours';
import { Reasons } from './Reasons';
import { StepsBeside } from './StepsBeside';

/** Neighbours of one direction that the panel names; the rest is counted. */
const NAMED = 30;

const ASSET_PANEL = graphql(`
  query AssetPanel($id: String!, $asOf: AsOf, $limit: Int!) {
    asset(id: $id) {
      key assetId description importance owners tags
      partitions(first: 100) { nodes { partitionKey } pageInfo { hasNextPage } }
      consumers { step { ...PanelStep } }
    }
    up: lineage(roots: [$id], depth: 1, direction: UPSTREAM, asOf: $asOf, limit: $limit) {
      ...PanelWalk
    }
    down: lineage(roots: [$id], depth: 1, direction: DOWNSTREAM, asOf: $asOf, limit: $limit) { ...PanelWalk }
    at: subgraph(assets: [$id], asOf: $asOf) {
      assets {
        upstreamCount downstreamCount
        freshness { state freshUntil reasons { code message since assetId } }
        latest { ...VersionLine payload violations }
        producedBy { ...PanelLineageStep }
      }
    }
  }
  fragment PanelStep on Step { stepId name workflow { slug name } }
  fragment PanelLineageStep on LineageStep { key stepId name workflowSlug workflowName }
  fragment PanelWalk on LineageGraph {
    assets { key assetId } edges { source step target } steps { ...PanelLineageStep }
  }
`);

type Found = NonNullable<AssetPanelQuery['asset']>;

interface AssetPanelProps {
  assetId: string;
  /** The instant that the graph shows; null for now. */
  asOf?: AsOf | null;
  onClose: () => void;
  /** Chooses an asset in the graph beside; without it a name leads to the asset's page. */
  onChoose?: (assetId: string) => void;
}

export function AssetPanel({ assetId, asOf = null, onClose, onChoose }: AssetPanelProps) {
  const { data, error, refetch } = useAnswer(
    ASSET_PANEL,
    { id: assetId, asOf, limit: NAMED + 1 },
    // Another instant of the same asset: no flicker while the slider moves.
    { placeholderData: (previous) => (same(previous?.asset, assetId) ? previous : undefined) },
  );
  return (
    <SidePanel title={assetId} close={onClose}>
      <nav aria-label="Open the asset" className={styles.ways}>
        <Link href={links.asset(assetId, 'overview')} className={buttonClass}>
          Open
        </Link>
        <Link href={links.asset(assetId, 'history')} className={buttonClass}>
          History
        </Link>
        <Link href={links.asset(assetId, 'impact')} className={buttonClass}>
          Impact
        </Link>
      </nav>
      {error && error.code !== 'asset_not_found' && <Failure error={error} retry={() => refetch()} />}
      {error?.code === 'asset_not_found' && (
        <Empty title="There is no such asset">
          <p>No workflow declares it, and none ever produced it.</p>
        </Empty>
      )}
      {!error && !data && <Loading label="the asset" />}
      {!error && data?.asset && <Body of={data} asset={data.asset} past={asOf !== null} onChoose={onChoose} />}
    </SidePanel>
  );
}

interface BodyProps {
  of: AssetPanelQuery;
  asset: Found;
  past: boolean;
  onChoose?: (assetId: string) => void;
}

function Body({ of: { up, down, at }, asset, past, onChoose }: BodyProps) {
  const now = at.assets[0];
  if (!now) return null;
  const { latest, freshness } = now;
  // Which steps only read it is known of the definitions that hold now, not of a past instant.
  const readers = past ? [] : asset.consumers.map(({ step }) => named(step));
  const partitions = asset.partitions.nodes.filter((partition) => partition.partitionKey !== null).length;
  return (
    <>
      <div className={styles.verdict}>
        <State look={FRESHNESS[freshness.state]} as="chip" />
        <Reasons of={freshness.reasons} />
        {freshness.reasons.length === 0 && freshness.freshUntil && (
          <span>
            until <Time of={freshness.freshUntil} as="exact" />
          </span>
        )}
      </div>
      {asset.description && <p>{asset.description}</p>}
      <Facts
        of={[
          ['Newest', latest && <VersionLink of={latest} />],
          ['Produced', latest && <Time of={latest.producedAt} />],
          ['Payload', latest && validity(latest)],
          ['Importance', asset.importance?.toLowerCase()],
          ['Owners', asset.owners.join(', ')],
          ['Tags', asset.tags.join(', ')],
          [
            'Partitions',
            partitions > 0 && (
              <Link href={links.asset(asset.assetId, 'overview')}>
                {counted(partitions, 'partition')}
                {asset.partitions.pageInfo.hasNextPage && ' and more'}
              </Link>
            ),
          ],
        ]}
      />
      <StepsBeside
        title="Made by"
        none="No step is declared to make it."
        steps={stepsBeside(asset.key, 'upstream', up, now.producedBy)}
        assets={now.upstreamCount}
        named={up.assets.length - 1}
        word="from"
        onChoose={onChoose}
      />
      <StepsBeside
        title="Used by"
        none="No step is declared to use it."
        steps={stepsBeside(asset.key, 'downstream', down, readers)}
        assets={now.downstreamCount}
        named={down.assets.length - 1}
        word="for"
        onChoose={onChoose}
      />
      {latest && (
        <section aria-label="Newest payload" className={styles.payload}>
          <h3>Newest payload</h3>
          <JsonTree value={latest.payload} label="payload" folded />
        </section>
      )}
    </>
  );
}

const same = (asset: Found | null | undefined, id: string): boolean => asset?.key === id.toLowerCase();

const named = (step: Found['consumers'][number]['step']) => ({
  key: `${step.workflow.slug.toLowerCase()}/${step.stepId}`,
  stepId: step.stepId,
  name: step.name,
  workflowSlug: step.workflow.slug,
  workflowName: step.workflow.name,
});

const validity = ({ valid, violations }: { valid: boolean; violations: unknown }): string =>
  valid ? 'valid' : counted(Array.isArray(violations) ? violations.length : 1, 'violation');

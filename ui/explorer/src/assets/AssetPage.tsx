/** One asset: what it is and how it stands, its place in the lineage, its history, and what hangs on it. */
import { lazy, Suspense, useMemo } from 'react';
import { Link, useParams } from 'wouter';
import { graphql } from '@/api/generated';
import { useAnswer } from '@/api/useAnswer';
import { counted } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { ASSET_TABS, type AssetTab, links } from '@/routing/links';
import { CopyButton } from '@/ui/CopyButton';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { Tabs } from '@/ui/Tabs';
import { Time } from '@/ui/Time';
import { VersionLink } from '@/versions/VersionLink';
import styles from './AssetPage.module.css';

const LineageExplorer = lazy(async () => ({ default: (await import('@/graph/LineageExplorer')).LineageExplorer }));
const AssetOverview = lazy(() => import('./AssetOverview'));
const History = lazy(() => import('./History'));
const AssetImpact = lazy(() => import('./AssetImpact'));

const ASSET_HEAD = graphql(`
  query AssetHead($id: String!) { asset(id: $id) { ...AssetLine tags } }
`);

const TITLES: Record<AssetTab, string> = {
  lineage: 'Lineage',
  overview: 'Overview',
  history: 'History',
  impact: 'Impact',
};

export default function AssetPage() {
  const { id = '', tab = 'lineage' } = useParams<{ id: string; tab?: AssetTab }>();
  const { data, error, refetch } = useAnswer(ASSET_HEAD, { id });
  const crumbs = [['Assets', links.assets()]] as const;
  if (error) {
    return (
      <Page title={id} crumbs={crumbs}>
        <Failure error={error} retry={() => refetch()} />
      </Page>
    );
  }
  if (data?.asset === null) {
    return (
      <Page title={id} crumbs={crumbs}>
        <Empty
          title="There is no such asset"
          actions={<Link href={links.assets(id)}>Assets with this in their name</Link>}
        >
          <p>No workflow declares “{id}”, and no run ever produced it. It comes into being with either.</p>
        </Empty>
      </Page>
    );
  }
  const asset = data?.asset;
  const assetId = asset?.assetId ?? id;
  return (
    <Page
      title={assetId}
      crumbs={crumbs}
      facts={
        asset && (
          <>
            <State look={FRESHNESS[asset.freshness.state]} as="chip" />
            {asset.latest && (
              <>
                <VersionLink of={asset.latest} />
                <Time of={asset.latest.producedAt} />
              </>
            )}
            {asset.productions > 1 && <span>{counted(asset.productions, 'version')}</span>}
            {asset.importance && <span>{asset.importance.toLowerCase()} importance</span>}
            {asset.owners.length > 0 && <span>owned by {asset.owners.join(', ')}</span>}
            {asset.tags.length > 0 && (
              <ul aria-label="Tags" className={styles.tags}>
                {asset.tags.map((tag) => (
                  <li key={tag}>
                    <Link href={links.assets(tag)}>{tag}</Link>
                  </li>
                ))}
              </ul>
            )}
            <CopyButton label="Copy the asset's id" text={() => assetId} />
          </>
        )
      }
    >
      <Tabs
        label="Views of the asset"
        tabs={ASSET_TABS.map((each) => ({
          text: TITLES[each],
          href: links.asset(assetId, each),
          current: each === tab,
        }))}
      />
      <Suspense fallback={<Loading label={TITLES[tab] ?? 'the view'} />}>
        <Body tab={tab} assetId={assetId} />
      </Suspense>
    </Page>
  );
}

function Body({ tab, assetId }: { tab: AssetTab; assetId: string }) {
  const roots = useMemo(() => [assetId], [assetId]);
  switch (tab) {
    case 'lineage':
      return (
        <PageBody padded={false}>
          <LineageExplorer roots={roots} title={assetId} />
        </PageBody>
      );
    case 'overview':
      return (
        <PageBody>
          <AssetOverview assetId={assetId} />
        </PageBody>
      );
    case 'history':
      return (
        <PageBody padded={false}>
          <History assetId={assetId} />
        </PageBody>
      );
    case 'impact':
      return (
        <PageBody padded={false}>
          <AssetImpact assetId={assetId} />
        </PageBody>
      );
    default:
      return (
        <Empty
          title="There is no such view of an asset"
          actions={<Link href={links.asset(assetId)}>Its lineage</Link>}
        />
      );
  }
}

/** One version of an asset: what it holds, where it comes from, and its neighbours in time. */
import { ArrowLeft, ArrowRight, GitCompareArrows } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link, useParams } from 'wouter';
import { graphql } from '@/api/generated';
import type { VersionLineFragment } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { INVALID } from '@/format/states';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { buttonClass } from '@/ui/Button';
import { CopyButton } from '@/ui/CopyButton';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { Tabs } from '@/ui/Tabs';
import { Time } from '@/ui/Time';
import { nameOf } from './name';
import { VersionDetails } from './VersionDetails';

const Provenance = lazy(async () => ({ default: (await import('./Provenance')).Provenance }));

const VERSION = graphql(`
  query Version($id: String!) {
    snapshot(id: $id) { ...VersionDetails }
    adjacentVersions(snapshot: $id) { older { ...VersionLine payloadDigest } newer { ...VersionLine } }
  }
`);

export default function VersionPage() {
  const { id = '' } = useParams<{ id: string }>();
  const [values] = useValues();
  const { data, error, refetch } = useAnswer(VERSION, { id });
  const version = data?.snapshot;
  if (!version) {
    const isMissing = error?.code === 'snapshot_not_found';
    return (
      <Page title="Version" crumbs={[['Assets', links.assets()]]}>
        {error && !isMissing && <Failure error={error} retry={() => refetch()} />}
        {!error && <Loading label="the version" />}
        {isMissing && (
          <Empty title="There is no such version" actions={<Link href={links.assets()}>All assets</Link>}>
            <p>
              No report left a version with the id <code>{id}</code> behind.
            </p>
          </Empty>
        )}
      </Page>
    );
  }
  const { assetId, partitionKey } = version;
  const { older, newer } = data.adjacentVersions;
  const inProvenance = values.get('view') === 'provenance';
  return (
    <Page
      title={`${assetId} ${nameOf(version)}`}
      crumbs={[
        ['Assets', links.assets()],
        [assetId, links.asset(assetId)],
        partitionKey
          ? [`History of ${partitionKey}`, links.history(assetId, { partition: partitionKey })]
          : ['History', links.asset(assetId, 'history')],
      ]}
      facts={
        <>
          {!version.valid && <State look={INVALID} as="chip" />}
          <span>
            produced <Time of={version.producedAt} />
          </span>
          {older && older.payloadDigest === version.payloadDigest && <span>the same payload as the one before</span>}
          {!newer && <span>the newest{partitionKey && ' of its partition'}</span>}
          <CopyButton label="Copy the version's id" text={() => version.snapshotId} />
        </>
      }
      actions={
        <>
          {older && (
            <Link href={links.compare(older.snapshotId, version.snapshotId)} className={buttonClass}>
              <GitCompareArrows size={14} aria-hidden="true" /> Compare with the one before
            </Link>
          )}
          <Link href={links.history(assetId, { compare: version.snapshotId })} className={buttonClass}>
            Compare with …
          </Link>
          <Neighbour of={older} label="Older">
            <ArrowLeft size={14} aria-hidden="true" /> Older
          </Neighbour>
          <Neighbour of={newer} label="Newer">
            Newer <ArrowRight size={14} aria-hidden="true" />
          </Neighbour>
        </>
      }
    >
      <Tabs
        label="Views of the version"
        tabs={[
          { text: 'Contents', href: links.version(id), current: !inProvenance },
          { text: 'Provenance', href: links.provenance(id), current: inProvenance },
        ]}
      />
      {inProvenance ? (
        <PageBody>
          <Suspense fallback={<Loading label="the provenance" />}>
            <Provenance snapshotId={id} />
          </Suspense>
        </PageBody>
      ) : (
        <PageBody>
          <VersionDetails of={version} />
        </PageBody>
      )}
    </Page>
  );
}

interface NeighbourProps {
  of: VersionLineFragment | null | undefined;
  label: string;
  children: ReactNode;
}

function Neighbour({ of, label, children }: NeighbourProps) {
  if (!of) return null;
  return (
    <Link href={links.version(of.snapshotId)} className={buttonClass} aria-label={`${label}: ${nameOf(of)}`}>
      {children}
    </Link>
  );
}

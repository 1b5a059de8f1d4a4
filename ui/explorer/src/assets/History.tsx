/** An asset's versions, newest first, beside the one that is chosen; any two can be compared. */
import { useMemo } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { HistoryQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { useAnswers } from '@/api/useAnswers';
import { navigate } from '@/routing/hash';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, TextField } from '@/ui/Field';
import { ListFoot } from '@/ui/ListFoot';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { VersionDetails } from '@/versions/VersionDetails';
import { VersionLink } from '@/versions/VersionLink';
import styles from './History.module.css';
import { PayloadNumbers } from './PayloadNumbers';
import { VersionList } from './VersionList';
import { inOrder, toggled } from './versionRows';

const HISTORY = graphql(`
  query History($id: String!, $partition: String, $after: String) {
    asset(id: $id) {
      history(first: 100, partitionKey: $partition, after: $after) {
        nodes { ...VersionLine payloadDigest }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const VERSION_IN_HISTORY = graphql(`
  query VersionInHistory($id: String!) { snapshot(id: $id) { ...VersionDetails } }
`);

const PARTITION_KEYS = graphql(`
  query PartitionKeys($id: String!) { asset(id: $id) { partitions(first: 100) { nodes { partitionKey } } } }
`);

const list = (answer: HistoryQuery) => answer.asset?.history;

export default function History({ assetId }: { assetId: string }) {
  const [values, change] = useValues();
  const partition = values.get('partition');
  const picked = useMemo(() => values.get('compare')?.split(',') ?? [], [values]);
  const found = useAnswers(HISTORY, { id: assetId, partition }, { list });
  const keys = useAnswer(PARTITION_KEYS, { id: assetId }).data?.asset?.partitions.nodes ?? [];
  const partitions = keys.flatMap(({ partitionKey }) => partitionKey ?? []);
  if (found.error && !found.first) return <Failure error={found.error} retry={found.retry} />;
  if (!found.first) return <Loading label="the history" />;
  const isEmpty = found.items.length === 0 && !found.hasMore;
  if (isEmpty && partition === null) {
    return (
      <Empty title="No version yet" actions={<Link href={links.asset(assetId, 'overview')}>What makes it</Link>}>
        <p>It was never produced. Every report of a run that holds it will stand here.</p>
      </Empty>
    );
  }
  const chosen = values.get('version') ?? found.items[0]?.snapshotId;
  const [from, to] = inOrder(picked, found.items);
  return (
    <div className={styles.history}>
      <div className={styles.versions}>
        <Fields label="Which versions">
          {partitions.length > 0 && (
            <TextField
              label="Partition"
              placeholder="All partitions"
              width={150}
              value={partition ?? ''}
              suggestions={partitions}
              onChange={(key) => change({ partition: key, version: null }, { replace: true })}
            />
          )}
          <Button
            kind={to ? 'primary' : 'button'}
            disabled={!to}
            title="Check two versions of the list"
            onClick={() => from && to && navigate(links.compare(from, to))}
          >
            {to ? 'Compare the two' : picked.length === 1 ? 'Compare: check one more' : 'Compare: check two'}
          </Button>
        </Fields>
        {isEmpty ? (
          <Empty
            title="No version in this partition"
            actions={<Button onClick={() => change({ partition: null })}>All partitions</Button>}
          />
        ) : (
          <VersionList
            assetId={assetId}
            versions={found.items}
            chosen={chosen}
            picked={picked}
            onPick={(id) => change({ compare: toggled(picked, id).join(',') }, { replace: true })}
            onEnd={found.more}
            foot={<ListFoot of={found} what="versions" />}
          />
        )}
      </div>
      <div className={styles.details}>
        {!isEmpty && <PayloadNumbers assetId={assetId} partition={partition} />}
        {chosen && <Chosen id={chosen} />}
      </div>
    </div>
  );
}

function Chosen({ id }: { id: string }) {
  const { data, error, refetch } = useAnswer(VERSION_IN_HISTORY, { id });
  if (error) return <Failure error={error} retry={() => refetch()} />;
  if (!data) return <Loading label="the version" />;
  if (!data.snapshot) return <Empty title="There is no such version" />;
  return (
    <section aria-label="The chosen version" className={styles.chosen}>
      <div className={styles.title}>
        <h2>
          <VersionLink of={data.snapshot} />
        </h2>
        <Link href={links.version(id)}>Open, with its provenance</Link>
      </div>
      <VersionDetails of={data.snapshot} />
    </section>
  );
}

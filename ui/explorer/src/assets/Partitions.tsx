import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { PartitionsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { count } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { links } from '@/routing/links';
import { ListFoot } from '@/ui/ListFoot';
import { Failure } from '@/ui/Notice';
import { Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { VersionLink } from '@/versions/VersionLink';
import styles from './Partitions.module.css';

export const PARTITIONS = graphql(`
  query Partitions($id: String!, $after: String) {
    asset(id: $id) {
      partitions(first: 100, after: $after) {
        nodes { partitionKey versions isStale latest { ...VersionLine } }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const list = (answer: PartitionsQuery) => answer.asset?.partitions;
type Row = NonNullable<PartitionsQuery['asset']>['partitions']['nodes'][number];

const ROW = 30;
/** Rows that stand in sight; the others scroll. */
const IN_SIGHT = 9;

/** The partitions with the newest version of each; nothing for an asset that has none. */
export function Partitions({ assetId }: { assetId: string }) {
  const found = useAnswers(PARTITIONS, { id: assetId }, { list });
  if (found.error && !found.first) {
    return (
      <Section title="Partitions">
        <Failure error={found.error} retry={found.retry} />
      </Section>
    );
  }
  const partitions = found.items.filter((partition) => partition.partitionKey !== null);
  if (partitions.length === 0) return null;
  const columns: readonly Column<Row>[] = [
    {
      name: 'Partition',
      width: 'minmax(100px, 2fr)',
      cell: ({ partitionKey }) => (
        <Link href={links.history(assetId, { partition: partitionKey ?? '' })}>{partitionKey}</Link>
      ),
    },
    {
      name: 'State',
      width: '70px',
      cell: ({ isStale }) => isStale && <State look={FRESHNESS.STALE} />,
    },
    { name: 'Newest', width: '120px', cell: ({ latest }) => latest && <VersionLink of={latest} short /> },
    { name: 'Produced', width: '90px', cell: ({ latest }) => latest && <Time of={latest.producedAt} /> },
    { name: 'Versions', width: '60px', number: true, cell: ({ versions }) => count(versions) },
  ];
  return (
    <Section title="Partitions" aside={<span>{`${count(partitions.length)}${found.hasMore ? ' and more' : ''}`}</span>}>
      <div className={styles.box} style={{ height: ROW * (Math.min(IN_SIGHT, partitions.length) + 1) + 10 }}>
        <Table
          label="Partitions by key"
          columns={columns}
          rows={partitions}
          rowKey={(partition) => partition.partitionKey ?? ''}
          rowHeight={ROW}
          minWidth={430}
          onEnd={found.more}
          foot={partitions.length > IN_SIGHT && <ListFoot of={found} what="partitions" />}
        />
      </div>
    </Section>
  );
}

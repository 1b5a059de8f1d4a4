import { useState } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { DeclaredPartitionsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { count } from '@/format/numbers';
import { links } from '@/routing/links';
import { ListFoot } from '@/ui/ListFoot';
import { Failure } from '@/ui/Notice';
import { Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { VersionLink } from '@/versions/VersionLink';
import { PartitionDetails, type PartitionRow } from './PartitionDetails';
import { PartitionStrip } from './PartitionStrip';
import styles from './Partitions.module.css';
import { inStrip, lookOf } from './partitionLooks';

export const PARTITIONS = graphql(`
  query DeclaredPartitions($workflow: String!, $id: String!, $after: String) {
    partitions(workflow: $workflow, assetId: $id, first: 100, after: $after) {
      partitioning totalCount
      nodes {
        partitionKey versions isStale
        latest { ...VersionLine }
        staleMarks { note requestedAt requestedBy workflow { slug } }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

const list = (answer: DeclaredPartitionsQuery) => answer.partitions;

const ROW = 30;
/** Rows that stand in sight; the others scroll. */
const IN_SIGHT = 9;

interface PartitionsProps {
  assetId: string;
  /** One that declares the asset, or made it. */
  workflow: string;
  /** Those whose steps make it. */
  producers: readonly string[];
  /** The questions, beside its own, whose answers show marks. */
  renews: readonly string[];
}

/** The partitions that there should be with the newest version of each; nothing for an asset that has none. */
export function Partitions({ assetId, workflow, producers, renews }: PartitionsProps) {
  const found = useAnswers(PARTITIONS, { workflow, id: assetId }, { list });
  const [chosen, choose] = useState<string | null>(null);
  if (found.error && !found.first) {
    return (
      <Section title="Partitions">
        <Failure error={found.error} retry={found.retry} />
      </Section>
    );
  }
  const partitions = found.items.filter((partition) => partition.partitionKey !== null);
  if (!found.first || partitions.length === 0) return null;
  const { partitioning, totalCount } = found.first.partitions;
  const shown = partitions.find((partition) => partition.partitionKey === chosen) ?? partitions[0];
  return (
    <Section title="Partitions" aside={<span>{count(totalCount)}</span>}>
      <PartitionStrip
        fields={inStrip(partitions, partitioning).map((each) => ({ key: each.partitionKey ?? '', look: lookOf(each) }))}
        chosen={shown?.partitionKey ?? null}
        choose={choose}
      />
      {shown && (
        <PartitionDetails
          key={shown.partitionKey}
          assetId={assetId}
          partition={shown}
          workflow={workflow}
          producers={producers}
          renews={renews}
        />
      )}
      <div className={styles.box} style={{ height: ROW * (Math.min(IN_SIGHT, partitions.length) + 1) + 10 }}>
        <Table
          label="Partitions by key"
          columns={columns(assetId)}
          rows={partitions}
          rowKey={(partition) => partition.partitionKey ?? ''}
          rowHeight={ROW}
          minWidth={400}
          onEnd={found.more}
          foot={partitions.length > IN_SIGHT && <ListFoot of={found} what="partitions" />}
        />
      </div>
    </Section>
  );
}

const columns = (assetId: string): readonly Column<PartitionRow>[] => [
  {
    name: 'Partition',
    width: 'minmax(100px, 2fr)',
    cell: ({ partitionKey }) => (
      <Link href={links.history(assetId, { partition: partitionKey ?? '' })}>{partitionKey}</Link>
    ),
  },
  { name: 'State', width: '84px', cell: (partition) => <State look={lookOf(partition)} /> },
  { name: 'Newest', width: '60px', cell: ({ latest }) => latest && <VersionLink of={latest} short /> },
  { name: 'Produced', width: '90px', cell: ({ latest }) => latest && <Time of={latest.producedAt} /> },
  { name: 'Versions', width: '60px', number: true, cell: ({ versions }) => count(versions) },
];

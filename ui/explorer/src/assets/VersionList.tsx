import { type ReactNode, useMemo } from 'react';
import { Link, useSearch } from 'wouter';
import { INVALID } from '@/format/states';
import { links } from '@/routing/links';
import { changed } from '@/routing/useValues';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { useNarrow } from '@/ui/useMedia';
import { nameOf } from '@/versions/name';
import styles from './VersionList.module.css';
import { type Version, type VersionRow, versionRows } from './versionRows';

interface VersionListProps {
  assetId: string;
  /** Newest first. */
  versions: readonly Version[];
  /** The one whose details stand beside. */
  chosen: string | undefined;
  /** Those that are checked for a comparison. */
  picked: readonly string[];
  onPick: (snapshotId: string) => void;
  onEnd: () => void;
  foot: ReactNode;
}

/** Versions under the days or months in which they were produced. */
export function VersionList({ assetId, versions, chosen, picked, onPick, onEnd, foot }: VersionListProps) {
  const { span, rows } = useMemo(() => versionRows(versions), [versions]);
  const search = useSearch();
  const partitioned = versions.some((version) => version.partitionKey);
  const narrow = useNarrow();
  const columns: Column<VersionRow>[] = [
    {
      name: 'Pick',
      width: '28px',
      cell: of(({ version }) => (
        <input
          type="checkbox"
          className={styles.check}
          aria-label={`Compare ${nameOf(version)}`}
          checked={picked.includes(version.snapshotId)}
          onChange={() => onPick(version.snapshotId)}
        />
      )),
    },
    {
      name: 'Time',
      width: span === 'day' ? '62px' : '92px',
      cell: of(({ version }) => <Time of={version.producedAt} as={span === 'day' ? 'clock' : 'short'} />),
    },
    {
      name: 'Version',
      width: partitioned ? 'minmax(110px, max-content)' : '48px',
      cell: of(({ version }) => (
        <Link href={`${links.asset(assetId, 'history')}?${changed(search, { version: version.snapshotId })}`}>
          {nameOf(version)}
        </Link>
      )),
    },
    {
      name: 'Note',
      width: '66px',
      cell: of(({ version, isSame }) => <Note valid={version.valid} isSame={isSame} />),
    },
    {
      name: 'Run',
      width: 'minmax(0, 1fr)',
      cell: of(({ version }) => (
        <Link href={links.run(version.runId)} className={styles.run}>
          {version.runId}
        </Link>
      )),
    },
  ];
  return (
    <div className={styles.list}>
      <Table
        label="Versions"
        // Partitions need the room; the run stands with the details of the version.
        columns={narrow || partitioned ? columns.slice(0, -1) : columns}
        rows={rows}
        rowKey={(row) => ('heading' in row ? row.heading : row.version.snapshotId)}
        heading={(row) => ('heading' in row ? row.heading : null)}
        current={(row) => 'version' in row && row.version.snapshotId === chosen}
        rowHeight={30}
        onEnd={onEnd}
        foot={foot}
      />
    </div>
  );
}

type Shown = Extract<VersionRow, { version: Version }>;

/** A cell of the rows that are versions; headings have none. */
const of =
  (cell: (row: Shown) => ReactNode) =>
  (row: VersionRow): ReactNode =>
    'version' in row ? cell(row) : null;

function Note({ valid, isSame }: { valid: boolean; isSame: boolean }) {
  if (!valid) return <State look={INVALID} />;
  if (!isSame) return null;
  return (
    <span className={styles.same} title="The payload is that of the version before.">
      as before
    </span>
  );
}

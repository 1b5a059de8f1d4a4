import { Link } from 'wouter';
import { RUN } from '@/format/states';
import { links } from '@/routing/links';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import styles from './ProvenanceTable.module.css';
import type { Row, Run } from './provenanceRows';
import { VersionName } from './VersionName';

const ROW = 34;

/** As high as its rows are together, but no higher than a good part of the window. */
export function ProvenanceTable({ rows }: { rows: readonly Row[] }) {
  return (
    <div style={{ height: `min(70vh, ${(rows.length + 1) * ROW + 18}px)` }}>
      <Table
        label="Provenance"
        columns={COLUMNS}
        rows={rows}
        rowKey={(row) => row.key}
        rowHeight={ROW}
        minWidth={820}
        heading={(row) => row.kind === 'group' && row.words}
      />
    </div>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'Version',
    width: 'minmax(240px, 3fr)',
    cell: (row) => {
      if (row.kind === 'version') return <VersionName of={{ ...row.version, snapshotId: row.version.id }} />;
      return <span className={styles.muted}>read, and nothing left behind</span>;
    },
  },
  {
    name: 'Produced',
    width: '100px',
    cell: (row) => row.kind === 'version' && <Time of={row.version.producedAt} />,
  },
  {
    name: 'Run',
    width: 'minmax(200px, 1.6fr)',
    cell: (row) => (row.kind === 'version' || row.kind === 'run') && row.run && <RunName of={row.run} />,
  },
  {
    name: 'Step',
    width: 'minmax(140px, 1.2fr)',
    cell: (row) =>
      (row.kind === 'version' || row.kind === 'step') &&
      row.step && (
        <>
          <Link href={links.step(row.step.workflowSlug, row.step.stepId)}>{row.step.name}</Link>
          {row.kind === 'version' && row.version.attempt > 1 && (
            <span className={styles.muted}> attempt {row.version.attempt}</span>
          )}
        </>
      ),
  },
];

const RunName = ({ of: { id, status, workflowSlug, run } }: { of: Run }) => (
  <Link href={links.run(id)} className={styles.run}>
    <State look={RUN[status]} /> {workflowSlug} #{run.number}
  </Link>
);

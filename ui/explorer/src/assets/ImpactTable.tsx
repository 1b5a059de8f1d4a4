import { Link } from 'wouter';
import { FRESHNESS } from '@/format/states';
import { links } from '@/routing/links';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { useNarrow } from '@/ui/useMedia';
import { AssetLines, nameClass } from './AssetLines';
import styles from './ImpactTable.module.css';
import type { Affected, Grouping, Row, Workflow } from './impact';

/** What is affected, in groups; in a narrow window two lines for each. */
export function ImpactTable({ rows, by }: { rows: readonly Row[]; by: Grouping }) {
  const narrow = useNarrow();
  return (
    <Table
      // Rows of another height are measured anew.
      key={String(narrow)}
      label="Affected"
      columns={narrow ? NARROW : wide(rows, by)}
      rows={rows}
      rowKey={(row) => row.key}
      rowHeight={narrow ? 58 : 34}
      minWidth={narrow ? 0 : 900}
      heading={heading}
    />
  );
}

function heading(row: Row) {
  if (row.kind !== 'group') return undefined;
  return row.workflow ? <Link href={links.workflow(row.workflow.slug)}>{row.words}</Link> : row.words;
}

/** Columns in which no row has anything are left out. */
function wide(rows: readonly Row[], by: Grouping): Column<Row>[] {
  const any = (has: (asset: Affected) => unknown): boolean =>
    rows.some((row) => row.kind === 'asset' && Boolean(has(row.asset)));
  const all: (Column<Row> | false)[] = [
    { name: 'State', width: '84px', cell: (row) => <StateOf row={row} /> },
    { name: 'Asset', width: 'minmax(220px, 3fr)', cell: (row) => <Name of={row} /> },
    by === 'workflow' && { name: 'Hops', width: '40px', number: true, cell: distance },
    any((asset) => asset.owners.length) && {
      name: 'Owners',
      width: 'minmax(100px, 1fr)',
      cell: (row) => row.kind === 'asset' && row.asset.owners.join(', '),
    },
    any((asset) => asset.importance) && {
      name: 'Importance',
      width: '80px',
      cell: (row) => row.kind === 'asset' && row.asset.importance?.toLowerCase(),
    },
    (by === 'distance' || any((asset) => asset.workflows.length > 1)) && {
      name: 'Workflow',
      width: 'minmax(130px, 1.4fr)',
      cell: (row) => <Workflows of={workflowsOf(row)} />,
    },
    any((asset) => asset.latestSnapshot) && {
      name: 'Newest',
      width: '120px',
      cell: (row) => row.kind === 'asset' && <Newest of={row.asset} />,
    },
    any((asset) => asset.deadline) && {
      name: 'Deadline',
      width: '110px',
      cell: (row) => row.kind === 'asset' && row.asset.deadline && <Time of={row.asset.deadline} />,
    },
  ];
  return all.filter((column) => column !== false);
}

const NARROW: readonly Column<Row>[] = [
  {
    name: 'Affected',
    width: 'minmax(0, 1fr)',
    cell: (row) => (
      <AssetLines
        look={row.kind === 'asset' ? FRESHNESS[row.asset.asset.freshness.state] : undefined}
        name={<Name of={row} />}
      >
        {row.kind === 'asset' && (
          <>
            <Newest of={row.asset} />
            {row.asset.owners.length > 0 && <span>{row.asset.owners.join(', ')}</span>}
          </>
        )}
        <Workflows of={workflowsOf(row)} />
      </AssetLines>
    ),
  },
];

function distance(row: Row): number | null {
  if (row.kind === 'group') return null;
  return row.kind === 'asset' ? row.asset.distance : row.step.distance;
}

function workflowsOf(row: Row): readonly Workflow[] {
  if (row.kind === 'asset') return row.workflows;
  return row.kind === 'step' ? [{ slug: row.step.workflowSlug, name: row.step.workflowName }] : [];
}

function StateOf({ row }: { row: Row }) {
  if (row.kind === 'asset') return <State look={FRESHNESS[row.asset.asset.freshness.state]} />;
  return <span className={styles.muted}>step</span>;
}

function Name({ of: row }: { of: Row }) {
  if (row.kind === 'asset') {
    return (
      <Link href={links.asset(row.asset.assetId)} className={nameClass}>
        {row.asset.assetId}
      </Link>
    );
  }
  if (row.kind === 'group') return null;
  return (
    <>
      <Link href={links.step(row.step.workflowSlug, row.step.stepId)} className={nameClass}>
        {row.step.name}
      </Link>
      <span className={styles.muted}> produces nothing</span>
    </>
  );
}

function Newest({ of: { latestSnapshot, latestVersion, latestProducedAt } }: { of: Affected }) {
  if (!latestSnapshot) return null;
  return (
    <span className={styles.newest}>
      <Link href={links.version(latestSnapshot)}>v{latestVersion}</Link>
      {latestProducedAt && <Time of={latestProducedAt} />}
    </span>
  );
}

const Workflows = ({ of }: { of: readonly Workflow[] }) =>
  of.map(({ slug, name }, index) => (
    <span key={slug}>
      {index > 0 && ', '}
      <Link href={links.workflow(slug)}>{name}</Link>
    </span>
  ));

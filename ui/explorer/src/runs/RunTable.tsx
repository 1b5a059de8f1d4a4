/** Runs as rows, those of one workflow or of all. */
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { RunRowFragment } from '@/api/generated/graphql';
import type { Answers } from '@/api/useAnswers';
import { RUN } from '@/format/states';
import { duration } from '@/format/time';
import { runMark } from '@/live/marks';
import { links } from '@/routing/links';
import { ListFoot } from '@/ui/ListFoot';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time, useNow } from '@/ui/Time';
import { setOffBy, tookMs } from './course';
import styles from './RunTable.module.css';

export const RUN_ROW = graphql(`
  fragment RunRow on Run {
    ...RunLine
    trigger
  }
`);

interface RunTableProps {
  label: string;
  runs: Answers<unknown, RunRowFragment>;
  /** Whether they may be of several workflows. */
  ofMany: boolean;
}

export function RunTable({ label, runs, ofMany }: RunTableProps) {
  const now = useNow();
  return (
    <Table
      label={label}
      columns={columns(runs.items, ofMany, now)}
      rows={runs.items}
      rowKey={(run) => run.runId}
      mark={(run) => runMark(run.runId)}
      onEnd={runs.more}
      foot={<ListFoot of={runs} what="runs" />}
      minWidth={ofMany ? 860 : 700}
    />
  );
}

/** Columns in which no run has anything are left out. */
function columns(runs: readonly RunRowFragment[], ofMany: boolean, now: number): Column<RunRowFragment>[] {
  const any = (has: (run: RunRowFragment) => unknown): boolean => runs.some((run) => Boolean(has(run)));
  const all: (Column<RunRowFragment> | false)[] = [
    { name: 'Status', width: '104px', cell: (run) => <State look={RUN[run.status]} /> },
    {
      name: 'Run',
      width: 'minmax(130px, 1.2fr)',
      cell: (run) => (
        <Link href={links.run(run.runId)} title={run.runId}>
          #{run.number} <span className={styles.id}>{run.runId}</span>
        </Link>
      ),
    },
    ofMany && {
      name: 'Workflow',
      width: 'minmax(130px, 1fr)',
      cell: (run) => <Link href={links.workflow(run.workflowSlug)}>{run.workflowSlug}</Link>,
    },
    {
      name: 'Started',
      width: '110px',
      cell: (run) =>
        run.startedAt ? (
          <Time of={run.startedAt} />
        ) : (
          <span className={styles.muted}>
            asked <Time of={run.createdAt} />
          </span>
        ),
    },
    {
      name: 'Duration',
      width: '96px',
      number: true,
      cell: (run) => {
        const ms = tookMs(run, now);
        return ms === null ? null : duration(ms);
      },
    },
    any((run) => run.partitionKey) && {
      name: 'Partition',
      width: 'minmax(90px, 0.6fr)',
      cell: (run) => run.partitionKey,
    },
    any((run) => setOffBy(run.triggeredBy, run.trigger)) && {
      name: 'Trigger',
      width: 'minmax(120px, 1fr)',
      cell: (run) => setOffBy(run.triggeredBy, run.trigger),
    },
    any((run) => run.errorMessage) && {
      name: 'Error',
      width: 'minmax(120px, 1.2fr)',
      cell: (run) =>
        run.errorMessage && (
          <span className={styles.error} title={run.errorMessage}>
            {run.errorMessage}
          </span>
        ),
    },
  ];
  return all.filter((column) => column !== false);
}

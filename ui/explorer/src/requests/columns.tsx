import { Link } from 'wouter';
import type { RequestLineFragment } from '@/api/generated/graphql';
import { count } from '@/format/numbers';
import { links } from '@/routing/links';
import { Button } from '@/ui/Button';
import { State } from '@/ui/State';
import type { Column } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { Causes } from './Causes';
import styles from './columns.module.css';
import { isOpen, REQUEST } from './looks';

type Row = RequestLineFragment;

/** What can be done with a request, by its id. */
interface Deeds {
  cancel: (id: string) => void;
  retry: (id: string) => void;
}

/** Columns in which no request has anything are left out. */
export function columns(rows: readonly Row[], { cancel, retry }: Deeds): Column<Row>[] {
  const all: (Column<Row> | false)[] = [
    { name: 'State', width: '104px', cell: ({ state }) => <State look={REQUEST[state]} /> },
    {
      name: 'Run of',
      width: 'minmax(130px, 1.2fr)',
      cell: ({ workflowSlug, partitionKey }) => (
        <span className={styles.one}>
          <Link href={links.workflow(workflowSlug)}>{workflowSlug}</Link>{' '}
          {partitionKey !== null && <span className={styles.muted}>{partitionKey}</span>}
        </span>
      ),
    },
    {
      name: 'Why',
      width: 'minmax(120px, 1.6fr)',
      cell: ({ reason, causes }) => <Causes reason={reason} causes={causes} />,
    },
    { name: 'When', width: 'minmax(130px, 0.7fr)', cell: (request) => <When of={request} /> },
    rows.some((row) => row.priority !== 0) && {
      name: 'Priority',
      width: '62px',
      number: true,
      cell: ({ priority }) => count(priority),
    },
    {
      name: 'Attempts',
      width: '66px',
      number: true,
      cell: ({ attempts, maxAttempts }) => `${count(attempts)} of ${count(maxAttempts)}`,
    },
    {
      name: 'Newest run',
      width: '110px',
      cell: ({ runId }) => (
        <Link href={links.run(runId)} title={runId} className={styles.one}>
          {runId}
        </Link>
      ),
    },
    rows.some((row) => row.lastError !== null) && {
      name: 'Error',
      width: 'minmax(90px, 1fr)',
      cell: ({ lastError }) =>
        lastError && (
          <span title={lastError} className={`${styles.one} ${styles.error}`}>
            {lastError}
          </span>
        ),
    },
    {
      name: 'Act',
      width: '76px',
      cell: ({ requestId, state }) => (
        <>
          {isOpen(state) && (
            <Button aria-label={`Cancel ${requestId}`} onClick={() => cancel(requestId)}>
              Cancel
            </Button>
          )}
          {state === 'FAILED' && (
            <Button aria-label={`Retry ${requestId}`} onClick={() => retry(requestId)}>
              Retry
            </Button>
          )}
        </>
      ),
    },
  ];
  return all.filter((column) => column !== false);
}

/** The instant that matters in its state. */
function When({ of: { state, owner, leaseUntil, dueAt, createdAt, endedAt } }: { of: Row }) {
  if (endedAt !== null) {
    return (
      <>
        ended <Time of={endedAt} />
      </>
    );
  }
  if (state === 'CLAIMED') {
    return (
      <span className={styles.one} title={owner ? `Claimed by ${owner}` : 'Started by its run’s id'}>
        {owner ? `by ${owner}` : 'started'}
        {leaseUntil !== null && (
          <>
            , lease to <Time of={leaseUntil} />
          </>
        )}
      </span>
    );
  }
  return Date.parse(dueAt) > Date.parse(createdAt) ? (
    <>
      due <Time of={dueAt} />
    </>
  ) : (
    <>
      asked <Time of={createdAt} />
    </>
  );
}

import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { counted } from '@/format/numbers';
import { links } from '@/routing/links';
import { Button } from '@/ui/Button';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { useNarrow } from '@/ui/useMedia';
import styles from './EventTable.module.css';
import { factsOf } from './facts';
import { downstreamOf, lookOf } from './kinds';
import type { EventLine } from './useFeed';

interface EventTableProps {
  events: readonly EventLine[];
  open: (event: EventLine) => void;
  onEnd: () => void;
  onTop: (atTop: boolean) => void;
  toTop: number;
  foot: ReactNode;
}

/** Events as a table; in a narrow window two lines for each. */
export function EventTable({ events, open, ...rest }: EventTableProps) {
  const narrow = useNarrow();
  return (
    <Table
      // Rows of another height are measured anew.
      key={String(narrow)}
      label="Events"
      columns={narrow ? narrowColumns(open) : wideColumns(open)}
      rows={events}
      rowKey={(event) => String(event.sequence)}
      rowHeight={narrow ? 58 : 34}
      minWidth={narrow ? 0 : 860}
      {...rest}
    />
  );
}

type Open = EventTableProps['open'];

const wideColumns = (open: Open): readonly Column<EventLine>[] => [
  { name: 'Time', width: '160px', cell: (event) => <Time of={event.time} as="exact" /> },
  { name: 'What', width: '128px', cell: (event) => <What of={event} /> },
  { name: 'To what', width: 'minmax(230px, 2.4fr)', cell: (event) => <Subject of={event} /> },
  { name: 'By', width: 'minmax(150px, 1.4fr)', cell: (event) => <Origin of={event} /> },
  { name: 'Downstream', width: '160px', cell: (event) => <Dependants of={event} /> },
  { name: 'Details', width: '68px', number: true, cell: (event) => <Details of={event} open={open} /> },
];

const narrowColumns = (open: Open): readonly Column<EventLine>[] => [
  {
    name: 'Event',
    width: 'minmax(0, 1fr)',
    cell: (event) => (
      <div className={styles.narrow}>
        <div className={styles.line}>
          <What of={event} /> <Subject of={event} />
        </div>
        <div className={styles.under}>
          <Time of={event.time} as="short" />
          <Origin of={event} brief />
          <Dependants of={event} />
        </div>
      </div>
    ),
  },
  { name: 'Details', width: '68px', number: true, cell: (event) => <Details of={event} open={open} /> },
];

const What = ({ of: { type, data } }: { of: EventLine }) => <State look={lookOf(type, factsOf(data))} />;

function Subject({ of: event }: { of: EventLine }) {
  const { assetId, workflowSlug, number, errorMessage, note } = factsOf(event.data);
  if (event.assetKey !== null) {
    return (
      <span className={styles.words}>
        <Link href={links.asset(assetId ?? event.assetKey)} className={styles.name}>
          {assetId ?? event.assetKey}
        </Link>
        {event.version !== null && event.snapshotId !== null && (
          <Link href={links.version(event.snapshotId)}>v{event.version}</Link>
        )}
        {event.partitionKey !== null && <span className={styles.muted}>{event.partitionKey}</span>}
        {note && (
          <span className={styles.muted} title={note}>
            {note}
          </span>
        )}
      </span>
    );
  }
  const workflow = workflowSlug ?? event.workflowKey;
  return (
    <span className={styles.words}>
      {event.stepId !== null && workflow !== null && (
        <Link href={links.step(workflow, event.stepId)}>{event.stepId}</Link>
      )}
      {event.stepId === null && event.runId !== null && (
        <Link href={links.run(event.runId)}>{number === undefined ? event.runId : `#${number}`}</Link>
      )}
      {event.stepId === null && workflow !== null && (
        <Link href={links.workflow(workflow)} className={styles.name}>
          {workflow}
        </Link>
      )}
      {event.attempt !== null && event.attempt > 1 && <span className={styles.muted}>attempt {event.attempt}</span>}
      {event.partitionKey !== null && <span className={styles.muted}>{event.partitionKey}</span>}
      {errorMessage && (
        <span className={styles.error} title={errorMessage}>
          {errorMessage}
        </span>
      )}
    </span>
  );
}

/** Where it came from: nothing for what came from nowhere else. `brief`: without the run. */
function Origin({ of: event, brief = false }: { of: EventLine; brief?: boolean }) {
  const { workflowSlug, triggeredBy, requestedBy, clearedBy } = factsOf(event.data);
  if (event.type === 'ASSET_STALE_MARKED' || event.type === 'ASSET_STALE_CLEARED') {
    const who = event.type === 'ASSET_STALE_MARKED' ? requestedBy : clearedBy;
    return (
      <span className={styles.words}>
        {who && <span>{who}</span>}
        {workflowSlug && (
          <Link href={links.workflow(workflowSlug)} className={styles.name}>
            {workflowSlug}
          </Link>
        )}
      </span>
    );
  }
  if (event.runId === null) return null;
  if (event.assetKey === null && event.stepId === null) {
    return triggeredBy ? <span className={styles.muted}>{triggeredBy}</span> : null;
  }
  const workflow = workflowSlug ?? event.workflowKey;
  return (
    <span className={styles.words}>
      {!brief && <Link href={links.run(event.runId)}>a run</Link>}
      {!brief && workflow !== null && <span className={styles.muted}>of</span>}
      {workflow !== null && (
        <Link href={links.workflow(workflow)} className={styles.name}>
          {workflow}
        </Link>
      )}
    </span>
  );
}

function Dependants({ of: event }: { of: EventLine }) {
  const found = downstreamOf(factsOf(event.data));
  if (event.assetKey === null || found === null) return null;
  const counts = [
    found.assets > 0 && counted(found.assets, 'asset'),
    found.workflows > 0 && counted(found.workflows, 'workflow'),
  ].filter(Boolean);
  if (counts.length === 0) return null;
  return (
    <Link href={links.asset(event.assetKey, 'impact')} className={styles.muted}>
      {!found.complete && 'at least '}
      {counts.join(', ')}
    </Link>
  );
}

const Details = ({ of: event, open }: { of: EventLine; open: Open }) => (
  <Button kind="bare" aria-label={`Details of event ${event.sequence}`} onClick={() => open(event)}>
    Details
  </Button>
);

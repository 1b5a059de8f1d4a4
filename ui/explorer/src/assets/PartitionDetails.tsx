/** One partition: how it stands, and marking it, clearing its marks, or asking for a run that makes it again. */
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { DeclaredPartitionsQuery } from '@/api/generated/graphql';
import { useWrite } from '@/api/useWrite';
import { counted } from '@/format/numbers';
import { links } from '@/routing/links';
import { Button } from '@/ui/Button';
import { Banner } from '@/ui/Notice';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { VersionLink } from '@/versions/VersionLink';
import { CLEAR, MARK } from './markWrites';
import styles from './PartitionDetails.module.css';
import { lookOf } from './partitionLooks';

const RERUN = graphql(`
  mutation Rerun($workflow: String!, $partition: String!) {
    requestRun(workflow: $workflow, input: { partitionKey: $partition, triggeredBy: "explorer" }) {
      ... on RunPayload { run { runId request { requestId } } }
      ... on Failure { code message }
    }
  }
`);

export type PartitionRow = DeclaredPartitionsQuery['partitions']['nodes'][number];

interface PartitionDetailsProps {
  assetId: string;
  partition: PartitionRow;
  /** In whose name it is marked. */
  workflow: string;
  /** Those whose steps make it. */
  producers: readonly string[];
  renews: readonly string[];
}

export function PartitionDetails({ assetId, partition, workflow, producers, renews }: PartitionDetailsProps) {
  const marking = useWrite(MARK, renews);
  const clearing = useWrite(CLEAR, renews);
  const rerunning = useWrite(RERUN, renews);
  const key = partition.partitionKey ?? '';
  const { latest, versions, staleMarks } = partition;
  const refused = marking.error ?? clearing.error ?? rerunning.error;
  return (
    <div className={styles.details}>
      <div className={styles.line}>
        <Link href={links.history(assetId, { partition: key })}>{key}</Link>
        <State look={lookOf(partition)} />
        {latest && (
          <>
            <VersionLink of={latest} short />
            <Time of={latest.producedAt} />
          </>
        )}
        <span className={styles.muted}>{counted(versions, 'version')}</span>
      </div>
      {staleMarks.map((mark) => (
        <div key={mark.workflow.slug} className={styles.line}>
          <span>{mark.note ?? 'Marked stale'}</span>
          <span className={styles.muted}>
            by {mark.requestedBy && `${mark.requestedBy} in `}
            <Link href={links.workflow(mark.workflow.slug)}>{mark.workflow.slug}</Link>, <Time of={mark.requestedAt} />
          </span>
          <Button
            aria-label={`Clear the mark of ${mark.workflow.slug} on the partition ${key}`}
            disabled={clearing.isPending}
            onClick={() => clearing.mutate({ workflow: mark.workflow.slug, asset: assetId, partition: key })}
          >
            Clear
          </Button>
        </div>
      ))}
      <div className={styles.line}>
        <Button
          disabled={marking.isPending}
          onClick={() => marking.mutate({ workflow, asset: assetId, partition: key, note: null })}
        >
          Mark partition stale
        </Button>
        {producers.map((slug) => (
          <Button
            key={slug}
            disabled={rerunning.isPending}
            title={`Ask for a run of ${slug} with this partition`}
            onClick={() => rerunning.mutate({ workflow: slug, partition: key })}
          >
            {producers.length > 1 ? `Rerun ${slug}` : 'Rerun'}
          </Button>
        ))}
      </div>
      {refused && <Banner>{refused.message}</Banner>}
      {rerunning.data && (
        <p role="status">
          <Link href={links.run(rerunning.data.run.runId)}>A run</Link> was asked for; it waits in{' '}
          <Link href={links.requests()}>the queue</Link> until an orchestrator claims it.
        </p>
      )}
    </div>
  );
}

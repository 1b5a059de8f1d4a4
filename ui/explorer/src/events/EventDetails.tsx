import { Link } from 'wouter';
import { links } from '@/routing/links';
import { JsonTree } from '@/ui/JsonTree';
import { Facts } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { factsOf } from './facts';
import { lookOf } from './kinds';
import type { EventLine } from './useFeed';

/** All that an event says, and the whole of it as others get it. */
export function EventDetails({ event }: { event: EventLine }) {
  const { assetId, workflowSlug } = factsOf(event.data);
  const look = lookOf(event.type, factsOf(event.data));
  const [asset, workflow] = [assetId ?? event.assetKey, workflowSlug ?? event.workflowKey];
  return (
    <>
      <p>
        <State look={look} /> {look.meaning}
      </p>
      <Facts
        of={[
          ['Recorded', <Time key="time" of={event.time} as="exact" />],
          ['Asset', asset !== null && event.assetKey !== null && <Link href={links.asset(asset)}>{asset}</Link>],
          [
            'Version',
            event.snapshotId !== null && <Link href={links.version(event.snapshotId)}>v{event.version}</Link>,
          ],
          ['Partition', event.partitionKey],
          ['Workflow', workflow !== null && <Link href={links.workflow(workflow)}>{workflow}</Link>],
          ['Run', event.runId !== null && <Link href={links.run(event.runId)}>{event.runId}</Link>],
          [
            'Step',
            event.stepId !== null && workflow !== null && (
              <Link href={links.step(workflow, event.stepId)}>
                {event.stepId}
                {event.attempt !== null && event.attempt > 1 && `, attempt ${event.attempt}`}
              </Link>
            ),
          ],
        ]}
      />
      <JsonTree value={event.cloudEvent} label="CloudEvent" />
    </>
  );
}

/** One webhook: how it stands and why, what it was sent, and once more. */
import { Link, useParams } from 'wouter';
import type { WebhooksQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { useWrite } from '@/api/useWrite';
import { count } from '@/format/numbers';
import { duration } from '@/format/time';
import { links } from '@/routing/links';
import { Button } from '@/ui/Button';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice';
import { Facts, Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { Deliveries } from './Deliveries';
import { WEBHOOK, wordsOf } from './looks';
import { DELIVERIES, REFRESH_MS, SET_PAUSED, TEST, WEBHOOKS } from './questions';
import styles from './WebhookPage.module.css';

type Webhook = WebhooksQuery['webhooks'][number];

export default function WebhookPage() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useAnswer(WEBHOOKS, {}, { refetchInterval: REFRESH_MS });
  const webhook = data?.webhooks.find((each) => each.id === id);
  if (webhook) return <WebhookView key={id} webhook={webhook} />;
  return (
    <Page title="Webhook" crumbs={[['Webhooks', links.webhooks()]]}>
      <PageBody>
        {!data && error && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <Loading label="the webhook" />}
        {data && (
          <Empty title="There is no such webhook" actions={<Link href={links.webhooks()}>All webhooks</Link>}>
            <p>
              None has the id <code>{id}</code>; it may have been deleted.
            </p>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

const RENEWS = [WEBHOOKS.toString(), DELIVERIES.toString()];

function WebhookView({ webhook }: { webhook: Webhook }) {
  const { id, url, state, description, filter, minimumImportance, pendingDeliveries, missedEvents } = webhook;
  const pausing = useWrite(SET_PAUSED, RENEWS);
  const testing = useWrite(TEST, RENEWS);
  const isPaused = state === 'PAUSED';
  return (
    <Page
      title={url}
      crumbs={[['Webhooks', links.webhooks()]]}
      facts={<State look={WEBHOOK[state]} as="chip" />}
      actions={
        <>
          <Button disabled={testing.isPending} onClick={() => testing.mutate({ id })}>
            Test
          </Button>
          <Button
            kind={isPaused ? 'primary' : 'button'}
            disabled={pausing.isPending}
            onClick={() => pausing.mutate({ id, paused: !isPaused })}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
        </>
      }
    >
      <div className={styles.about}>
        {pausing.error && <Banner>{pausing.error.message}</Banner>}
        {testing.error && <Banner>{testing.error.message}</Banner>}
        {testing.data && <TestOutcome of={testing.data} />}
        <Facts
          of={[
            ['Description', description],
            ['Paused', webhook.pausedAt && <Since at={webhook.pausedAt} why={webhook.pauseReason} />],
            ['Failing', webhook.failingSince && <Since at={webhook.failingSince} why={webhook.lastError} />],
            ['Wants', wordsOf(filter)],
            ['Importance', minimumImportance && `${minimumImportance.toLowerCase()} at least`],
            ['Pending', pendingDeliveries > 0 && count(pendingDeliveries)],
            ['Missed', missedEvents > 0 && `${count(missedEvents)} events, removed before they could be sent`],
            ['Delivered', webhook.lastDeliveredAt && <Time of={webhook.lastDeliveredAt} />],
            ['Id', <code key="id">{id}</code>],
          ]}
        />
      </div>
      <Deliveries webhook={id} />
    </Page>
  );
}

const Since = ({ at, why }: { at: string; why: string | null }) => (
  <>
    since <Time of={at} as="exact" />
    {why && `: ${why}`}
  </>
);

interface Outcome {
  delivered: boolean;
  responseStatus: number | null;
  error: string | null;
  durationMs: number;
}

function TestOutcome({ of: { delivered, responseStatus, error, durationMs } }: { of: Outcome }) {
  const status = responseStatus === null ? '' : ` with status ${responseStatus}`;
  return (
    <Banner>
      {delivered
        ? `The test was taken${status}, after ${duration(durationMs)}.`
        : `The test was not taken${status}, after ${duration(durationMs)}${error ? `: ${error}` : '.'}`}
    </Banner>
  );
}

/** Who is sent events, and whether they take them. */
import { Link } from 'wouter';
import type { WebhooksQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { count, counted } from '@/format/numbers';
import { links } from '@/routing/links';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { WEBHOOK, wordsOf } from './looks';
import { REFRESH_MS, WEBHOOKS } from './questions';

type Row = WebhooksQuery['webhooks'][number];

export default function WebhooksPage() {
  const { data, error, refetch } = useAnswer(WEBHOOKS, {}, { refetchInterval: REFRESH_MS });
  return (
    <Page title="Webhooks" facts={data && data.webhooks.length > 0 && counted(data.webhooks.length, 'webhook')}>
      <PageBody padded={false}>
        {!data && error && <Failure error={error} retry={() => void refetch()} />}
        {!data && !error && <Loading label="the webhooks" bars={6} />}
        {data?.webhooks.length === 0 && (
          <Empty title="No webhook yet" actions={<Link href={links.events()}>What they would be sent</Link>}>
            <p>A webhook sends events to an address of yours as they happen:</p>
            <p>
              <code>
                curl -sS {window.location.origin}/webhooks --json '{'{"url": "https://…"}'}'
              </code>
            </p>
          </Empty>
        )}
        {data && data.webhooks.length > 0 && (
          <Table
            label="Webhooks"
            columns={COLUMNS}
            rows={data.webhooks}
            rowKey={(webhook) => webhook.id}
            minWidth={900}
          />
        )}
      </PageBody>
    </Page>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  { name: 'State', width: '84px', cell: ({ state }) => <State look={WEBHOOK[state]} /> },
  {
    name: 'Address',
    width: 'minmax(240px, 2fr)',
    cell: ({ id, url, description }) => (
      <Link href={links.webhook(id)} title={description ?? undefined}>
        {url}
      </Link>
    ),
  },
  {
    name: 'Wants',
    width: 'minmax(180px, 2fr)',
    cell: ({ filter, minimumImportance }) => {
      const words = `${wordsOf(filter)}${minimumImportance ? `, ${minimumImportance.toLowerCase()} at least` : ''}`;
      return <span title={words}>{words}</span>;
    },
  },
  { name: 'Pending', width: '64px', number: true, cell: ({ pendingDeliveries }) => count(pendingDeliveries) },
  {
    name: 'Delivered',
    width: '96px',
    cell: ({ lastDeliveredAt }) => lastDeliveredAt && <Time of={lastDeliveredAt} />,
  },
  {
    name: 'What is wrong',
    width: 'minmax(140px, 1.6fr)',
    cell: ({ state, pauseReason, lastError }) => {
      const wrong = state === 'PAUSED' ? pauseReason : state === 'FAILING' ? lastError : null;
      return wrong && <span title={wrong}>{wrong}</span>;
    },
  },
];

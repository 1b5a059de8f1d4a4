/** What a webhook was sent or is to be sent, the newest first. */
import { Link } from 'wouter';
import type { DeliveriesQuery, DeliveryStatus } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { useWrite } from '@/api/useWrite';
import { count } from '@/format/numbers';
import { duration } from '@/format/time';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, Select } from '@/ui/Field';
import { ListFoot } from '@/ui/ListFoot';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice';
import { PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { DELIVERY, linkTo } from './looks';
import { DELIVERIES, REDELIVER, REFRESH_MS, WEBHOOKS } from './questions';

type Row = DeliveriesQuery['webhookDeliveries']['nodes'][number];

const STATUSES = Object.keys(DELIVERY) as DeliveryStatus[];
const RENEWS = [WEBHOOKS.toString(), DELIVERIES.toString()];
const list = (answer: DeliveriesQuery) => answer.webhookDeliveries;

export function Deliveries({ webhook }: { webhook: string }) {
  const [values, change] = useValues();
  const status = STATUSES.find((each) => each === values.get('status')) ?? null;
  const found = useAnswers(DELIVERIES, { webhook, status }, { list, refetchInterval: REFRESH_MS });
  const again = useWrite(REDELIVER, RENEWS);
  const isEmpty = found.first !== undefined && found.items.length === 0;
  return (
    <>
      <Fields label="Filters">
        <Select
          label="Status"
          value={status ?? ''}
          options={[['', 'Any outcome'], ...STATUSES.map((each) => [each, DELIVERY[each].word] as const)]}
          onChange={(wanted) => change({ status: wanted })}
        />
      </Fields>
      {again.error && <Banner>{again.error.message}</Banner>}
      <PageBody padded={false}>
        {!found.first && found.error && <Failure error={found.error} retry={found.retry} />}
        {!found.first && !found.error && <Loading label="the deliveries" />}
        {isEmpty && (
          <Empty
            title={status ? 'No delivery is like this' : 'Nothing was sent yet'}
            actions={
              <>
                {found.hasMore && <ListFoot of={found} what="deliveries" />}
                {status && <Button onClick={() => change({ status: null })}>Show all deliveries</Button>}
              </>
            }
          >
            {!status && <p>The next event that it wants will stand here; a test is not kept.</p>}
          </Empty>
        )}
        {found.items.length > 0 && (
          <Table
            label="Deliveries"
            columns={columns((delivery) => again.mutate({ webhook, delivery }))}
            rows={found.items}
            rowKey={(delivery) => delivery.id}
            onEnd={found.more}
            minWidth={900}
            foot={<ListFoot of={found} what="deliveries" />}
          />
        )}
      </PageBody>
    </>
  );
}

const columns = (sendAgain: (delivery: string) => void): readonly Column<Row>[] => [
  { name: 'Status', width: '96px', cell: ({ status }) => <State look={DELIVERY[status]} /> },
  { name: 'Event', width: '150px', cell: ({ eventType, sequence }) => <span title={`#${sequence}`}>{eventType}</span> },
  {
    name: 'About',
    width: 'minmax(160px, 2fr)',
    cell: ({ eventType, subject }) => <Link href={linkTo(eventType, subject)}>{subject}</Link>,
  },
  { name: 'Attempts', width: '64px', number: true, cell: ({ attempts }) => count(attempts) },
  {
    name: 'Outcome',
    width: 'minmax(170px, 2fr)',
    cell: ({ responseStatus, error, durationMs }) => {
      const said = [responseStatus, error].filter((each) => each !== null).join(', ');
      return (
        <span title={said}>
          {said}
          {durationMs !== null && ` after ${duration(durationMs)}`}
        </span>
      );
    },
  },
  {
    name: 'When',
    width: '120px',
    cell: ({ nextAttemptAt, lastAttemptAt, createdAt }) =>
      nextAttemptAt ? (
        <>
          next <Time of={nextAttemptAt} />
        </>
      ) : (
        <Time of={lastAttemptAt ?? createdAt} />
      ),
  },
  {
    name: 'Again',
    width: '104px',
    cell: ({ id, status }) =>
      status !== 'PENDING' && (
        <Button aria-label={`Send ${id} again`} onClick={() => sendAgain(id)}>
          Send again
        </Button>
      ),
  },
];

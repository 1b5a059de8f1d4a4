/** Any number of the payloads over the versions, as a chart or as a table. */
import { lazy, Suspense, useMemo } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { PayloadsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { counted } from '@/format/numbers';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Choice } from '@/ui/Choice';
import { Select } from '@/ui/Field';
import { Failure, Loading } from '@/ui/Notice';
import { Section } from '@/ui/Page';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import styles from './PayloadNumbers.module.css';
import { numberPlaces, placeName } from './payloadNumbers';
import { type Point, pointsOf } from './points';

const PayloadChart = lazy(() => import('./PayloadChart'));

const PAYLOADS = graphql(`
  query Payloads($id: String!, $partition: String, $after: String) {
    asset(id: $id) {
      history(first: 50, partitionKey: $partition, after: $after) {
        nodes { snapshotId producedAt version partitionKey valid payload }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const list = (answer: PayloadsQuery) => answer.asset?.history;

const COLUMNS: readonly Column<Point>[] = [
  { name: 'Produced', width: '180px', cell: ({ producedAt }) => <Time of={producedAt} as="exact" /> },
  {
    name: 'Version',
    width: '1fr',
    cell: ({ snapshotId, title }) => <Link href={links.version(snapshotId)}>{title}</Link>,
  },
  { name: 'Value', width: '140px', number: true, cell: ({ value }) => value },
];

interface PayloadNumbersProps {
  assetId: string;
  partition: string | null;
}

/** Nothing when no payload holds a number. */
export function PayloadNumbers({ assetId, partition }: PayloadNumbersProps) {
  const [values, change] = useValues();
  const found = useAnswers(PAYLOADS, { id: assetId, partition }, { list });
  const places = useMemo(() => numberPlaces(found.items.map((version) => version.payload)), [found.items]);
  const wanted = values.get('number');
  const place = wanted !== null && places.includes(wanted) ? wanted : places[0];
  const points = useMemo(() => (place === undefined ? [] : pointsOf(found.items, place)), [found.items, place]);
  if (found.error && !found.first) return <Failure error={found.error} retry={found.retry} />;
  if (!found.first) return <Loading label="the numbers" bars={3} />;
  if (place === undefined) return null;
  const asTable = values.get('as') === 'table';
  const choose = ({ snapshotId }: Point): void => change({ version: snapshotId });
  return (
    <Section
      title="Numbers"
      aside={
        <div className={styles.tools}>
          <Select
            label="Number"
            value={place}
            options={places.map((each) => [each, placeName(each)] as const)}
            onChange={(number) => change({ number }, { replace: true })}
          />
          <Choice
            label="Shown as"
            value={asTable ? 'table' : 'chart'}
            options={[
              ['chart', 'Chart'],
              ['table', 'Table'],
            ]}
            onChange={(as) => change({ as: as === 'table' ? as : null }, { replace: true })}
          />
        </div>
      }
    >
      {asTable ? (
        <div className={styles.table}>
          <Table
            label={placeName(place)}
            columns={COLUMNS}
            rows={points.toReversed()}
            rowKey={(point) => point.snapshotId}
            rowHeight={28}
            minWidth={420}
          />
        </div>
      ) : (
        <Suspense fallback={<Loading label="the chart" bars={3} />}>
          <PayloadChart name={placeName(place)} points={points} onChoose={choose} />
        </Suspense>
      )}
      {(found.hasMore || found.error) && (
        <div className={styles.more}>
          {found.error ? found.error.message : `The newest ${counted(found.items.length, 'version')}.`}{' '}
          <Button disabled={found.isLoadingMore} onClick={found.error ? found.retry : found.more}>
            {found.error ? 'Try again' : 'Older ones too'}
          </Button>
        </div>
      )}
    </Section>
  );
}

/** The catalogue: every asset that somebody declares or ever produced, and which of them are shown. */
import { useMemo } from 'react';
import { graphql } from '@/api/generated';
import type { AssetsQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { useAnswers } from '@/api/useAnswers';
import { counted } from '@/format/numbers';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { ListFoot } from '@/ui/ListFoot';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { AssetFilters } from './AssetFilters';
import { AssetTable } from './AssetTable';
import { FirstAsset } from './FirstAsset';
import { FILTERS, filtersOf, isFiltered, variablesOf } from './filters';

const ASSETS = graphql(`
  query Assets(
    $text: String $workflow: String $state: FreshnessState $producedSince: DateTime $producedBefore: DateTime
    $partitioned: Boolean $partitionKey: String $valid: Boolean $after: String
  ) {
    assets(
      text: $text workflow: $workflow state: $state producedSince: $producedSince producedBefore: $producedBefore
      partitioned: $partitioned partitionKey: $partitionKey valid: $valid first: 100 after: $after
    ) {
      nodes { ...AssetLine producers { step { workflow { slug name } } } }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

const ASSETS_COUNT = graphql(`
  query AssetsCount(
    $text: String $workflow: String $state: FreshnessState $producedSince: DateTime $producedBefore: DateTime
    $partitioned: Boolean $partitionKey: String $valid: Boolean
  ) {
    assets(
      text: $text workflow: $workflow state: $state producedSince: $producedSince producedBefore: $producedBefore
      partitioned: $partitioned partitionKey: $partitionKey valid: $valid first: 1
    ) {
      totalCount
    }
  }
`);

const list = (answer: AssetsQuery) => answer.assets;

export default function AssetsPage() {
  const [values, change] = useValues();
  const filters = useMemo(() => filtersOf(values), [values]);
  // "In the last hour" is meant from when it was chosen: the same question until another is asked.
  const variables = useMemo(() => variablesOf(filters, Date.now()), [filters]);
  const found = useAnswers(ASSETS, variables, { list });
  const counting = useAnswer(ASSETS_COUNT, variables);
  const total = counting.data?.assets.totalCount;
  const clear = (): void => change(Object.fromEntries(FILTERS.map((name) => [name, null])));
  const isEmpty = found.first !== undefined && found.items.length === 0 && !found.hasMore;
  const isFresh = isEmpty && !isFiltered(filters);
  return (
    <Page title="Assets" facts={typeof total === 'number' && !isEmpty ? counted(total, 'asset') : null}>
      {!isFresh && <AssetFilters filters={filters} change={change} clear={clear} />}
      <PageBody padded={false}>
        {found.error && !found.first && <Failure error={found.error} retry={found.retry} />}
        {!found.error && !found.first && <Loading label="the assets" bars={12} />}
        {isFresh && <FirstAsset />}
        {isEmpty && !isFresh && (
          <Empty title="No asset is like this" actions={<Button onClick={clear}>Show all assets</Button>}>
            <p>All filters must hold at once. Take one away, or look for less of a name.</p>
          </Empty>
        )}
        {found.first && !isEmpty && (
          <AssetTable assets={found.items} onEnd={found.more} foot={<ListFoot of={found} what="assets" />} />
        )}
      </PageBody>
    </Page>
  );
}

import type { ReactNode } from 'react';
import type { RunRowFragment } from '@/api/generated/graphql';
import type { Answers } from '@/api/useAnswers';
import { Button } from '@/ui/Button';
import { ListFoot } from '@/ui/ListFoot';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { PageBody } from '@/ui/Page';
import { RunFilters, useRunFilter } from './RunFilters';
import { RunTable } from './RunTable';

interface RunListProps {
  runs: Answers<unknown, RunRowFragment>;
  /** Whether they may be of several workflows. */
  ofMany: boolean;
  /** What stands there while there is no run at all. */
  none: ReactNode;
}

/** Runs, which of them, and every state that their list can be in. */
export function RunList({ runs, ofMany, none }: RunListProps) {
  const [filter, clear] = useRunFilter();
  const isFiltered = filter.status !== null || (ofMany && filter.workflow !== null);
  const isEmpty = runs.first !== undefined && runs.items.length === 0;
  return (
    <>
      {(!isEmpty || isFiltered) && <RunFilters ofMany={ofMany} />}
      <PageBody padded={false}>
        {!runs.first && runs.error && <Failure error={runs.error} retry={runs.retry} />}
        {!runs.first && !runs.error && <Loading label="the runs" bars={12} />}
        {isEmpty && !isFiltered && none}
        {isEmpty && isFiltered && (
          <Empty
            title={runs.hasMore ? 'No run like this among the newest' : 'No run is like this'}
            actions={
              <>
                {runs.hasMore && <ListFoot of={runs} what="runs" />}
                <Button onClick={clear}>Show all runs</Button>
              </>
            }
          >
            {filter.workflow && <p>A workflow is named by its whole slug.</p>}
          </Empty>
        )}
        {runs.items.length > 0 && <RunTable label="Runs" runs={runs} ofMany={ofMany} />}
      </PageBody>
    </>
  );
}

import { graphql } from '@/api/generated';
import type { WorkflowRunsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { RunTable, refreshWhileActive } from '@/runs/RunTable';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { PageBody } from '@/ui/Page';

const WORKFLOW_RUNS = graphql(`
  query WorkflowRuns($slug: String!, $after: String) {
    workflow(slug: $slug, deleted: true) {
      runs(first: 50, after: $after) {
        nodes { ...RunRow }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const list = (answer: WorkflowRunsQuery) => answer.workflow?.runs;

export function WorkflowRuns({ slug }: { slug: string }) {
  const runs = useAnswers(WORKFLOW_RUNS, { slug }, { list, refetchInterval: refreshWhileActive });
  return (
    <PageBody padded={false}>
      {!runs.first && runs.error && <Failure error={runs.error} retry={runs.retry} />}
      {!runs.first && !runs.error && <Loading label="the runs" />}
      {runs.first && runs.items.length === 0 && (
        <Empty title="It never ran">
          <p>A run is there as soon as an orchestrator starts one, or somebody asks for one.</p>
        </Empty>
      )}
      {runs.items.length > 0 && <RunTable label="Runs" runs={runs} ofMany={false} />}
    </PageBody>
  );
}

import { graphql } from '@/api/generated';
import type { WorkflowRunsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { useRunFilter } from '@/runs/RunFilters';
import { RunList } from '@/runs/RunList';
import { Empty } from '@/ui/Notice';

const WORKFLOW_RUNS = graphql(`
  query WorkflowRuns($slug: String!, $status: [RunStatus!], $after: String) {
    workflow(slug: $slug, deleted: true) {
      runs(first: 50, status: $status, after: $after) {
        nodes { ...RunRow }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

const list = (answer: WorkflowRunsQuery) => answer.workflow?.runs;

export function WorkflowRuns({ slug }: { slug: string }) {
  const [{ status }] = useRunFilter();
  const runs = useAnswers(WORKFLOW_RUNS, { slug, status }, { list });
  return (
    <RunList
      runs={runs}
      ofMany={false}
      none={
        <Empty title="It never ran">
          <p>A run is there as soon as an orchestrator starts one, or somebody asks for one.</p>
        </Empty>
      }
    />
  );
}

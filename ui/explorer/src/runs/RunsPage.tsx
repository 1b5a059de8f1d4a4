import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { RunsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { links } from '@/routing/links';
import { Empty } from '@/ui/Notice';
import { Page } from '@/ui/Page';
import { useRunFilter } from './RunFilters';
import { RunList } from './RunList';

const RUNS = graphql(`
  query Runs($status: [RunStatus!], $workflow: String, $after: String) {
    runs(first: 50, status: $status, workflow: $workflow, after: $after) {
      nodes { ...RunRow }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

const list = (answer: RunsQuery) => answer.runs;

export default function RunsPage() {
  const [{ status, workflow }] = useRunFilter();
  const runs = useAnswers(RUNS, { status, workflow }, { list });
  return (
    <Page title="Runs">
      <RunList
        runs={runs}
        ofMany
        none={
          <Empty title="No run yet" actions={<Link href={links.workflows()}>All workflows</Link>}>
            <p>A run is there as soon as an orchestrator starts one, or somebody asks for one.</p>
          </Empty>
        }
      />
    </Page>
  );
}

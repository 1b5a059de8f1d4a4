import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { RunsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { links } from '@/routing/links';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { RunTable, refreshWhileActive } from './RunTable';

const RUNS = graphql(`
  query Runs($after: String) {
    runs(first: 50, after: $after) {
      nodes { ...RunRow }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

const list = (answer: RunsQuery) => answer.runs;

export default function RunsPage() {
  return (
    <Page title="Runs">
      <PageBody padded={false}>
        <Runs />
      </PageBody>
    </Page>
  );
}

function Runs() {
  const runs = useAnswers(RUNS, {}, { list, refetchInterval: refreshWhileActive });
  if (!runs.first) return runs.error ? <Failure error={runs.error} retry={runs.retry} /> : <Loading label="the runs" />;
  if (runs.items.length === 0) {
    return (
      <Empty title="No run yet" actions={<Link href={links.workflows()}>All workflows</Link>}>
        <p>A run is there as soon as an orchestrator starts one, or somebody asks for one.</p>
      </Empty>
    );
  }
  return <RunTable label="Runs" runs={runs} ofMany />;
}

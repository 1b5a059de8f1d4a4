import { useEffect } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { WorkflowsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { count, counted } from '@/format/numbers';
import { RUN } from '@/format/states';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button } from '@/ui/Button';
import { Fields, TextField } from '@/ui/Field';
import { ListFoot } from '@/ui/ListFoot';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { holds } from './find';
import styles from './WorkflowsPage.module.css';

const WORKFLOWS = graphql(`
  query Workflows($after: String) {
    workflows(first: 100, after: $after) {
      nodes {
        slug name description revision runsCount
        steps { stepId }
        runs(first: 1) { nodes { ...RunLine } }
      }
      pageInfo { endCursor hasNextPage }
    }
  }
`);

type Row = WorkflowsQuery['workflows']['nodes'][number];
const list = (answer: WorkflowsQuery) => answer.workflows;

export default function WorkflowsPage() {
  const [values, change] = useValues();
  const text = values.get('text') ?? '';
  const all = useAnswers(WORKFLOWS, {}, { list });
  const { more } = all;
  // What is looked for may be on any page; the service looks through assets alone by text.
  useEffect(() => {
    if (text) more();
  }, [text, more]);
  const shown = all.items.filter((workflow) => holds(workflow, text));
  const clear = <Button onClick={() => change({ text: null })}>Show all workflows</Button>;
  return (
    <Page title="Workflows" facts={all.first && !all.hasMore && counted(all.items.length, 'workflow')}>
      <Fields label="Filters">
        <TextField
          label="Name, slug, description or step"
          placeholder="Find a workflow or step"
          value={text}
          onChange={(wanted) => change({ text: wanted }, { replace: true })}
        />
      </Fields>
      <PageBody padded={false}>
        {!all.first && all.error && <Failure error={all.error} retry={all.retry} />}
        {!all.first && !all.error && <Loading label="the workflows" bars={12} />}
        {all.first && all.items.length === 0 && (
          <Empty title="No workflow yet" actions={<a href="/openapi.json">How to register one</a>}>
            <p>
              A workflow is there as soon as its definition is sent: <code>PUT /workflows/{'{slug}'}</code>.
            </p>
          </Empty>
        )}
        {all.items.length > 0 && shown.length === 0 && !all.hasMore && !all.error && (
          <Empty title={`No workflow holds “${text}”`} actions={clear} />
        )}
        {all.items.length > 0 && (shown.length > 0 || all.hasMore || all.error) && (
          <Table
            label="Workflows"
            columns={COLUMNS}
            rows={shown}
            rowKey={(workflow) => workflow.slug}
            onEnd={more}
            minWidth={860}
            foot={<ListFoot of={all} what="workflows" />}
          />
        )}
      </PageBody>
    </Page>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'Workflow',
    width: 'minmax(220px, 2.4fr)',
    cell: ({ slug, name, description }) => (
      <Link href={links.workflow(slug)} title={description ?? undefined}>
        {name}
        {name !== slug && <span className={styles.slug}> {slug}</span>}
      </Link>
    ),
  },
  {
    name: 'Newest run',
    width: 'minmax(140px, 1fr)',
    cell: ({ runs: { nodes } }) =>
      nodes[0] && (
        <Link href={links.run(nodes[0].runId)} className={styles.run}>
          <State look={RUN[nodes[0].status]} /> #{nodes[0].number}
        </Link>
      ),
  },
  {
    name: 'Started',
    width: '110px',
    cell: ({ runs: { nodes } }) => nodes[0] && <Time of={nodes[0].startedAt ?? nodes[0].createdAt} />,
  },
  { name: 'Runs', width: '64px', number: true, cell: ({ runsCount }) => runsCount > 0 && count(runsCount) },
  { name: 'Steps', width: '64px', number: true, cell: ({ steps }) => count(steps.length) },
  {
    name: 'Revision',
    width: '72px',
    number: true,
    cell: ({ slug, revision }) => <Link href={links.workflow(slug, 'revisions')}>{count(revision)}</Link>,
  },
];

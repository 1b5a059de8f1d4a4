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
import styles from './WorkflowsPage.module.css';

const WORKFLOWS = graphql(`
  query Workflows($text: String, $after: String) {
    workflows(first: 50, text: $text, after: $after) {
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
  const found = useAnswers(WORKFLOWS, { text: text || null }, { list });
  const isEmpty = found.first !== undefined && found.items.length === 0 && !found.hasMore;
  return (
    <Page title="Workflows" facts={found.first && !found.hasMore && counted(found.items.length, 'workflow')}>
      {(!isEmpty || text) && (
        <Fields label="Filters">
          <TextField
            label="Slug, name or description"
            value={text}
            onChange={(wanted) => change({ text: wanted }, { replace: true })}
          />
        </Fields>
      )}
      <PageBody padded={false}>
        {!found.first && found.error && <Failure error={found.error} retry={found.retry} />}
        {!found.first && !found.error && <Loading label="the workflows" bars={12} />}
        {isEmpty && !text && (
          <Empty title="No workflow yet" actions={<a href="/openapi.json">How to register one</a>}>
            <p>
              A workflow is there as soon as its definition is sent: <code>PUT /workflows/{'{slug}'}</code>.
            </p>
          </Empty>
        )}
        {isEmpty && text && (
          <Empty
            title={`No workflow holds “${text}”`}
            actions={<Button onClick={() => change({ text: null })}>Show all workflows</Button>}
          />
        )}
        {found.first && !isEmpty && (
          <Table
            label="Workflows"
            columns={COLUMNS}
            rows={found.items}
            rowKey={(workflow) => workflow.slug}
            onEnd={found.more}
            minWidth={860}
            foot={<ListFoot of={found} what="workflows" />}
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

/** One workflow: its lineage, its steps, its runs, its revisions. */
import { Link, useParams } from 'wouter';
import { graphql } from '@/api/generated';
import type { WorkflowQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { counted } from '@/format/numbers';
import { RUN } from '@/format/states';
import { links, WORKFLOW_TABS, type WorkflowTab } from '@/routing/links';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice';
import { Page, PageBody } from '@/ui/Page';
import { State } from '@/ui/State';
import { Tabs } from '@/ui/Tabs';
import { Time } from '@/ui/Time';
import { Revisions } from './Revisions';
import { Steps } from './Steps';
import { WorkflowLineage } from './WorkflowLineage';
import styles from './WorkflowPage.module.css';
import { WorkflowRuns } from './WorkflowRuns';

const WORKFLOW = graphql(`
  query Workflow($slug: String!) {
    workflow(slug: $slug, deleted: true) {
      slug name description revision runsCount updatedAt deletedAt
      runs(first: 1) { nodes { ...RunLine } }
    }
  }
`);

const ALL: readonly (readonly [string, string])[] = [['Workflows', links.workflows()]];

export default function WorkflowPage() {
  const { slug = '', tab = 'lineage' } = useParams();
  const { data, error, refetch } = useAnswer(WORKFLOW, { slug });
  const shown = WORKFLOW_TABS.find((each) => each === tab);
  if (data?.workflow && shown) return <WorkflowView workflow={data.workflow} tab={shown} />;
  return (
    <Page title={slug} crumbs={ALL}>
      <PageBody>
        {error ? (
          <Failure error={error} retry={refetch} />
        ) : !data ? (
          <Loading label="the workflow" />
        ) : data.workflow ? (
          <Empty title="There is nothing at this address" actions={<Link href={links.workflow(slug)}>{slug}</Link>}>
            <p>
              A workflow has {WORKFLOW_TABS.join(', ')}, but no “{tab}”.
            </p>
          </Empty>
        ) : (
          <Empty title="There is no such workflow" actions={<Link href={links.workflows()}>All workflows</Link>}>
            <p>Nobody ever registered a workflow “{slug}”. The link may be cut off, or made for another service.</p>
          </Empty>
        )}
      </PageBody>
    </Page>
  );
}

type Workflow = NonNullable<WorkflowQuery['workflow']>;

const NAMES: Record<WorkflowTab, string> = { lineage: 'Lineage', steps: 'Steps', runs: 'Runs', revisions: 'Revisions' };

function WorkflowView({ workflow, tab }: { workflow: Workflow; tab: WorkflowTab }) {
  const { slug, name, description, revision, runsCount, deletedAt } = workflow;
  const newest = workflow.runs.nodes[0];
  return (
    <Page
      title={name}
      crumbs={ALL}
      facts={
        <>
          {name !== slug && <span>{slug}</span>}
          {newest && (
            <Link href={links.run(newest.runId)}>
              <State look={RUN[newest.status]} /> #{newest.number}
            </Link>
          )}
          {newest && <Time of={newest.startedAt ?? newest.createdAt} />}
          {runsCount > 0 && <span>{counted(runsCount, 'run')}</span>}
          <span>
            revision {revision}, <Time of={workflow.updatedAt} />
          </span>
          {description && <span>{description}</span>}
        </>
      }
    >
      <Tabs
        label={name}
        tabs={WORKFLOW_TABS.map((each) => ({
          text: NAMES[each],
          href: links.workflow(slug, each),
          current: each === tab,
        }))}
      />
      {deletedAt && (
        <div className={styles.banner}>
          <Banner>
            <span>
              This workflow was deleted <Time of={deletedAt} />. Its steps join no assets any more; its runs and
              revisions stay.
            </span>
          </Banner>
        </div>
      )}
      {tab === 'lineage' && <WorkflowLineage slug={slug} name={name} isDeleted={Boolean(deletedAt)} />}
      {tab === 'steps' && <Steps slug={slug} isDeleted={Boolean(deletedAt)} />}
      {tab === 'runs' && <WorkflowRuns slug={slug} />}
      {tab === 'revisions' && <Revisions slug={slug} />}
    </Page>
  );
}

import { useMemo } from 'react';
import { Link, useParams } from 'wouter';
import { graphql } from '@/api/generated';
import type { RunQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { counted } from '@/format/numbers';
import { RUN } from '@/format/states';
import { duration } from '@/format/time';
import { Causes } from '@/requests/Causes';
import { REQUEST } from '@/requests/looks';
import { links } from '@/routing/links';
import { CutList } from '@/ui/CutList';
import { JsonTree } from '@/ui/JsonTree';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { Columns, Facts, Page, PageBody, Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { AttemptTable } from './AttemptTable';
import { isActive, setOffBy, tookMs } from './course';
import styles from './RunPage.module.css';
import { timeline } from './timeline';

const RUN_QUERY = graphql(`
  query Run($id: String!) {
    run(id: $id) {
      ...RunLine
      runKey workflowRevision updatedAt parameters context output metrics trigger
      request { ...RequestLine }
      workflow { name revision steps { stepId name } }
      steps {
        id ...StepRunLine
        createdAt warnings
        step { name }
        inputs { ...VersionLine }
        snapshots { ...VersionLine }
      }
    }
  }
`);

/** How often a run that goes on is asked for again. */
const REFRESH_MS = 5_000;

export default function RunPage() {
  const { id = '' } = useParams();
  const { data, error, refetch, dataUpdatedAt } = useAnswer(
    RUN_QUERY,
    { id },
    {
      refetchInterval: ({ state }) => (state.data?.run && isActive(state.data.run.status) ? REFRESH_MS : false),
    },
  );
  if (data?.run) return <RunView run={data.run} now={dataUpdatedAt} />;
  return (
    <Page title="Run" crumbs={[['Runs', links.runs()]]}>
      <PageBody>
        {error ? (
          <Failure error={error} retry={refetch} />
        ) : data ? (
          <Empty title="There is no such run" actions={<Link href={links.runs()}>All runs</Link>}>
            <p>
              No run has the id <code>{id}</code>. Ids are compared exactly.
            </p>
          </Empty>
        ) : (
          <Loading label="the run" />
        )}
      </PageBody>
    </Page>
  );
}

type Run = NonNullable<RunQuery['run']>;

/** `now` is the moment of the answer, epoch milliseconds. */
function RunView({ run, now }: { run: Run; now: number }) {
  const slug = run.workflowSlug;
  const took = tookMs(run, now);
  const trigger = setOffBy(run.triggeredBy, run.trigger);
  return (
    <Page
      title={`${run.workflow.name} #${run.number}`}
      crumbs={[
        ['Runs', links.runs()],
        [slug, links.workflow(slug)],
      ]}
      facts={
        <>
          <State look={RUN[run.status]} as="chip" />
          {run.startedAt && (
            <span>
              started <Time of={run.startedAt} />
            </span>
          )}
          {took !== null && <span>{run.status === 'RUNNING' ? `running for ${duration(took)}` : duration(took)}</span>}
          {isActive(run.status) && <span role="status">refreshes itself every {duration(REFRESH_MS)}</span>}
        </>
      }
    >
      <PageBody>
        <div className={styles.stack}>
          {run.errorMessage && (
            <section className={styles.error} aria-label="Error">
              {run.errorMessage}
            </section>
          )}
          <Attempts run={run} now={now} />
          <Columns>
            <Section title="Run">
              <Facts
                of={[
                  ['Id', <code key="id">{run.runId}</code>],
                  [
                    'Workflow',
                    <Link key="workflow" href={links.workflow(slug)}>
                      {slug}
                    </Link>,
                  ],
                  [
                    'Definition',
                    <Link key="revision" href={links.workflow(slug, 'revisions')}>
                      revision {run.workflowRevision}
                    </Link>,
                  ],
                  ['Partition', run.partitionKey],
                  ['Run key', run.runKey],
                  ['Triggered by', trigger],
                  ['Request', run.request && <RequestFacts key="request" of={run.request} />],
                  ['Asked for', <Time key="asked" of={run.createdAt} as="exact" />],
                  ['Started', run.startedAt && <Time of={run.startedAt} as="exact" />],
                  ['Ended', run.completedAt && <Time of={run.completedAt} as="exact" />],
                ]}
              />
            </Section>
            {JSON_PARTS.map(
              ([title, part]) =>
                hasContent(run[part]) && (
                  <Section key={part} title={title}>
                    <JsonTree value={run[part]} label={part} />
                  </Section>
                ),
            )}
          </Columns>
        </div>
      </PageBody>
    </Page>
  );
}

function RequestFacts({ of: { state, reason, causes, attempts, maxAttempts } }: { of: NonNullable<Run['request']> }) {
  return (
    <span className={styles.request}>
      <State look={REQUEST[state]} />
      <Causes reason={reason} causes={causes} />
      {attempts > 0 && <span className={styles.note}>{`attempt ${attempts} of ${maxAttempts}`}</span>}
    </span>
  );
}

const JSON_PARTS = [
  ['Parameters', 'parameters'],
  ['Metrics', 'metrics'],
  ['Output', 'output'],
  ['Trigger', 'trigger'],
  ['Context', 'context'],
] as const;

/** Whether there is anything to show of a JSON value: an empty object says no more than none. */
const hasContent = (value: unknown): boolean =>
  value !== null && value !== undefined && !(typeof value === 'object' && Object.keys(value).length === 0);

function Attempts({ run, now }: { run: Run; now: number }) {
  const begin = Date.parse(run.startedAt ?? run.createdAt);
  const end = run.completedAt ? Date.parse(run.completedAt) : isActive(run.status) ? now : begin;
  const shown = useMemo(() => timeline(run.steps, begin, end), [run.steps, begin, end]);
  if (run.steps.length === 0) {
    return (
      <Section title="Steps">
        <p className={styles.note}>
          {run.status === 'PENDING'
            ? 'It waits for an orchestrator to start it.'
            : `No step of it ${isActive(run.status) ? 'has begun yet' : 'was ever reported'}.`}
        </p>
      </Section>
    );
  }
  return (
    <Section title="Steps" aside={<span className={styles.note}>{counted(run.steps.length, 'attempt')}</span>}>
      <AttemptTable workflow={run.workflowSlug} timeline={shown} />
      <NotBegun run={run} />
    </Section>
  );
}

/** The steps that the run has not come to; told only while its definition is the workflow's newest, where they stand. */
function NotBegun({ run: { status, steps, workflow, workflowRevision, workflowSlug } }: { run: Run }) {
  if (status === 'SUCCEEDED' || workflow.revision !== workflowRevision) return null;
  const begun = new Set(steps.map((attempt) => attempt.stepId));
  const left = workflow.steps.filter((step) => !begun.has(step.stepId));
  if (left.length === 0) return null;
  return (
    <div className={styles.left}>
      <span className={styles.note}>{isActive(status) ? 'Not begun yet' : 'Never begun'}</span>
      <CutList
        label="Steps without an attempt"
        items={left}
        itemKey={(step) => step.stepId}
        show={(step) => <Link href={links.step(workflowSlug, step.stepId)}>{step.name}</Link>}
      />
    </div>
  );
}

/** The steps of a workflow: what each consumes and produces, and how it went lately. */
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { StepsQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { STEP } from '@/format/states';
import { duration, exact } from '@/format/time';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { CutList } from '@/ui/CutList';
import { Empty, Failure, Loading } from '@/ui/Notice';
import { PageBody, Section } from '@/ui/Page';
import { Mark, State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { readDefinition, type StepDefinition } from './definition';
import styles from './Steps.module.css';

const STEPS = graphql(`
  query Steps($slug: String!) {
    workflow(slug: $slug, deleted: true) {
      definition
      steps(inactive: true) {
        stepId name type active
        consumes { asset { key assetId } }
        produces { asset { key assetId } }
        runs(first: 6) { nodes { id ...StepRunLine runId run { number } } }
      }
    }
  }
`);

type Step = NonNullable<StepsQuery['workflow']>['steps'][number];

export function Steps({ slug, isDeleted }: { slug: string; isDeleted: boolean }) {
  const { data, error, refetch } = useAnswer(STEPS, { slug });
  const [values] = useValues();
  const wanted = values.get('step');
  const workflow = data?.workflow;
  const defined = useMemo(() => {
    const steps = isDeleted ? [] : readDefinition(workflow?.definition).steps;
    return new Map(steps.map((step, index) => [step.id, { ...step, index }]));
  }, [workflow?.definition, isDeleted]);
  if (error) return <Failure error={error} retry={refetch} />;
  if (!workflow) return <Loading label="the steps" />;
  const place = (step: Step): number => defined.get(step.stepId)?.index ?? defined.size;
  const active = workflow.steps.filter((step) => step.active).sort((a, b) => place(a) - place(b));
  const gone = workflow.steps.filter((step) => !step.active);
  const isUnknown = wanted !== null && !workflow.steps.some((step) => step.stepId === wanted);
  return (
    <PageBody>
      <div className={styles.stack}>
        {isUnknown && (
          <p role="status">
            This workflow never had a step “{wanted}”. These are the steps that it has
            {gone.length > 0 && ', and those that it had'}.
          </p>
        )}
        {active.length > 0 && (
          <Section title="Steps">
            <StepTable label="Steps" steps={active} defined={defined} wanted={wanted} />
          </Section>
        )}
        {gone.length > 0 && (
          <Section
            title="Steps that are gone"
            aside={<Link href={links.workflow(slug, 'revisions')}>What changed, and when</Link>}
          >
            <StepTable label="Steps that are gone" steps={gone} defined={defined} wanted={wanted} />
          </Section>
        )}
        {workflow.steps.length === 0 && <Empty title="It never had a step" />}
      </div>
    </PageBody>
  );
}

interface StepTableProps {
  label: string;
  steps: readonly Step[];
  defined: ReadonlyMap<string, StepDefinition>;
  wanted: string | null;
}

/** A column in which no step has anything is left out. */
function StepTable({ label, steps, defined, wanted }: StepTableProps) {
  const has = {
    consumes: steps.some((step) => step.consumes.length > 0),
    produces: steps.some((step) => step.produces.length > 0),
    runs: steps.some((step) => step.runs.nodes.length > 0),
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label={`${label}: what each does`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {has.consumes && <th scope="col">Consumes</th>}
            {has.produces && <th scope="col">Produces</th>}
            {has.runs && <th scope="col">Newest attempts</th>}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <Row key={step.stepId} isWanted={step.stepId === wanted}>
              <th scope="row">
                <span className={styles.name}>{step.name}</span>
                <span className={styles.note}>
                  {[
                    step.name !== step.stepId && step.stepId,
                    step.type !== 'JOB' && step.type.toLowerCase(),
                    after(defined.get(step.stepId)),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </th>
              {(['consumes', 'produces'] as const).map(
                (verb) =>
                  has[verb] && (
                    <td key={verb}>
                      <CutList
                        label={`${step.name} ${verb}`}
                        items={step[verb]}
                        itemKey={({ asset }) => asset.key}
                        show={({ asset }) => <Link href={links.asset(asset.assetId)}>{asset.assetId}</Link>}
                      />
                    </td>
                  ),
              )}
              {has.runs && (
                <td>
                  <Attempts of={step} />
                </td>
              )}
            </Row>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const after = (step: StepDefinition | undefined): string | false =>
  step !== undefined && step.dependsOn.length > 0 && `after ${step.dependsOn.join(', ')}`;

/** The step that the address names comes into sight. */
function Row({ isWanted, children }: { isWanted: boolean; children: ReactNode }) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (isWanted) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isWanted]);
  return (
    <tr ref={row} aria-current={isWanted || undefined}>
      {children}
    </tr>
  );
}

/** The newest in words, older ones by their signs. */
function Attempts({ of: { runs } }: { of: Step }) {
  const [newest, ...older] = runs.nodes;
  if (!newest) return <span className={styles.note}>none yet</span>;
  return (
    <div className={styles.attempts}>
      <Link href={links.run(newest.runId)} title={words(newest)}>
        <State look={STEP[newest.status]} /> #{newest.run.number}
      </Link>
      {newest.startedAt && <Time of={newest.startedAt} as="age" />}
      <ul className={styles.older} aria-label="Before">
        {older.map((attempt) => (
          <li key={attempt.id}>
            <Link href={links.run(attempt.runId)} title={words(attempt)} aria-label={words(attempt)}>
              <Mark look={STEP[attempt.status]} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function words({ status, run, attempt, startedAt, completedAt }: Step['runs']['nodes'][number]): string {
  const took = startedAt && completedAt ? Date.parse(completedAt) - Date.parse(startedAt) : 0;
  return [
    `Run #${run.number}, attempt ${attempt}: ${STEP[status].word}`,
    startedAt && exact(startedAt),
    took > 0 && `took ${duration(took)}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Two versions side by side: what they hold, what they were held against, and what they were made from. */
import { ArrowLeftRight } from 'lucide-react';
import { Link } from 'wouter';
import type { ApiError } from '@/api/client';
import { graphql } from '@/api/generated';
import type { DiffQuery, VersionDetailsFragment } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { RUN } from '@/format/states';
import { links } from '@/routing/links';
import { useValues } from '@/routing/useValues';
import { Button, buttonClass } from '@/ui/Button';
import { DepthStepper } from '@/ui/DepthStepper';
import { JsonDiff } from '@/ui/JsonDiff';
import { Banner, Empty, Failure, Loading } from '@/ui/Notice';
import { Columns, Facts, Page, PageBody, Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import styles from './ComparePage.module.css';
import { InputChanges } from './InputChanges';
import { nameOf } from './name';
import { VersionLink } from './VersionLink';

const DIFF = graphql(`
  query Diff($from: String!, $to: String!) {
    diff(from: $from, to: $to) {
      sameAsset
      before { ...VersionDetails }
      after { ...VersionDetails }
      runs { sameRun before { ...RunLine parameters } after { ...RunLine parameters } }
    }
  }
`);

/** More hops than there can be: the greatest number that the service takes. */
const ALL = 2 ** 31 - 1;

const DIFF_INPUTS = graphql(`
  query DiffInputs($from: String!, $to: String!, $depth: Int!) {
    diff(from: $from, to: $to, depth: $depth) { inputs { ...InputChangeLine } }
  }
`);

export default function ComparePage() {
  const [values] = useValues();
  const from = values.get('from') ?? '';
  const to = values.get('to') ?? '';
  const isAsked = from !== '' && to !== '';
  const { data, error, refetch } = useAnswer(DIFF, { from, to }, { enabled: isAsked });
  if (data) return <Comparison of={data.diff} />;
  return (
    <Page title="Compare" crumbs={[['Assets', links.assets()]]}>
      {!isAsked && (
        <Empty title="Which two versions?" actions={<Link href={links.assets()}>All assets</Link>}>
          <p>Open an asset’s history, check two of its versions, and press “Compare the two”.</p>
        </Empty>
      )}
      {error && <Refused error={error} from={from} to={to} retry={() => refetch()} />}
      {isAsked && !error && <Loading label="both versions" />}
    </Page>
  );
}

/** A version that does not exist: the other one is the way on. */
function Refused({ error, from, to, retry }: { error: ApiError; from: string; to: string; retry: () => void }) {
  if (error.code !== 'snapshot_not_found') return <Failure error={error} retry={retry} />;
  const isMissing = (id: string): boolean => error.message.includes(id);
  const other = [from, to].filter((id) => !isMissing(id));
  return (
    <Empty
      title="One of the two versions does not exist"
      actions={[
        ...other.map((id) => (
          <Link key={id} href={links.version(id)} className={buttonClass}>
            The other version
          </Link>
        )),
        <Link key="assets" href={links.assets()} className={buttonClass}>
          All assets
        </Link>,
      ]}
    >
      <p>{error.message} The link may be cut off.</p>
    </Empty>
  );
}

type Diff = DiffQuery['diff'];

function Comparison({ of: { before, after, sameAsset, runs } }: { of: Diff }) {
  const [, change] = useValues();
  const names = [nameOf(before), nameOf(after)] as const;
  const titles: [string, string] = sameAsset
    ? [...names]
    : [`${before.assetId} ${names[0]}`, `${after.assetId} ${names[1]}`];
  return (
    <Page
      title={`${titles[0]} → ${titles[1]}`}
      crumbs={[
        ['Assets', links.assets()],
        [before.assetId, links.asset(before.assetId)],
        ['History', links.asset(before.assetId, 'history')],
      ]}
      actions={
        <Button onClick={() => change({ from: after.snapshotId, to: before.snapshotId })}>
          <ArrowLeftRight size={14} aria-hidden="true" /> Swap
        </Button>
      }
    >
      <PageBody>
        <div className={styles.compare}>
          {!sameAsset && <Banner>These are versions of two assets: much of what differs may not be a change.</Banner>}
          <Columns>
            <Head title="Before" of={before} run={runs.before} />
            <Head title="After" of={after} run={runs.after} />
          </Columns>
          <Section title="Payload">
            <JsonDiff label="payload" before={before.payload} after={after.payload} names={titles} />
          </Section>
          <Inputs from={before.snapshotId} to={after.snapshotId} />
          <Section title="Run parameters">
            {runs.sameRun ? (
              <p className={styles.same}>
                Both come from the run <Link href={links.run(runs.before.runId)}>{runs.before.runId}</Link>.
              </p>
            ) : (
              <JsonDiff
                label="run parameters"
                before={runs.before.parameters ?? null}
                after={runs.after.parameters ?? null}
                names={[runs.before.runId, runs.after.runId]}
              />
            )}
          </Section>
          <Columns>
            <Section title="Schema">
              <JsonDiff label="schema" before={before.schema ?? null} after={after.schema ?? null} names={titles} />
            </Section>
            <Section title="Freshness limits">
              <JsonDiff
                label="freshness limits"
                before={before.freshness ?? null}
                after={after.freshness ?? null}
                names={titles}
              />
            </Section>
          </Columns>
        </div>
      </PageBody>
    </Page>
  );
}

interface HeadProps {
  title: string;
  of: VersionDetailsFragment;
  run: Diff['runs']['before'];
}

function Head({ title, of, run }: HeadProps) {
  return (
    <Section title={title}>
      <Facts
        of={[
          ['Version', <VersionLink key="version" of={of} />],
          ['Asset', <Link key="asset" href={links.asset(of.assetId)} children={of.assetId} />],
          ['Produced', <Time key="produced" of={of.producedAt} as="exact" />],
          ['Step', <Link key="step" href={links.step(of.workflowSlug, of.stepId)} children={of.stepName} />],
          [
            'Run',
            <span key="run" className={styles.run}>
              <Link href={links.run(run.runId)}>{run.runId}</Link>
              <State look={RUN[run.status]} />
            </span>,
          ],
        ]}
      />
    </Section>
  );
}

function Inputs({ from, to }: { from: string; to: string }) {
  const [values, change] = useValues();
  const depth =
    values.get('depth') === 'all' ? null : Math.max(1, Number.parseInt(values.get('depth') ?? '1', 10) || 1);
  const { data, error, refetch } = useAnswer(DIFF_INPUTS, { from, to, depth: depth ?? ALL });
  const go = (hops: number | null): void => change({ depth: hops === null ? 'all' : String(hops) }, { replace: true });
  return (
    <Section title="Inputs" aside={<DepthStepper depth={depth} onChange={go} />}>
      {error && <Failure error={error} retry={() => refetch()} />}
      {!error && !data && <Loading label="the inputs" bars={2} />}
      {data && <InputChanges of={data.diff.inputs} direct={depth === 1} />}
    </Section>
  );
}

/** What is declared of an asset, how it stands and why, and its newest version. */
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { AssetOverviewQuery } from '@/api/generated/graphql';
import { useAnswer } from '@/api/useAnswer';
import { counted } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { links } from '@/routing/links';
import { JsonTree } from '@/ui/JsonTree';
import { Failure, Loading } from '@/ui/Notice';
import { Columns, Facts, Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { limits } from '@/versions/limits';
import { VersionLink } from '@/versions/VersionLink';
import { Violations } from '@/versions/Violations';
import styles from './AssetOverview.module.css';
import { Declarations } from './Declarations';
import { NewestRuns } from './NewestRuns';
import { PARTITIONS, Partitions } from './Partitions';
import { Reasons } from './Reasons';
import { StaleMarks } from './StaleMarks';

const ASSET_OVERVIEW = graphql(`
  query AssetOverview($id: String!) {
    asset(id: $id) {
      assetId description
      freshness { state freshUntil reasons { code message since assetId } }
      producers { ...DeclarationLine step { consumes { asset { assetId } } } }
      consumers { ...DeclarationLine step { produces { asset { assetId } } } }
      latest { ...VersionLine payload schema violations freshness }
      stalePartitions { partitionKey note requestedAt requestedBy workflow { slug } }
      history(first: 8) { nodes { ...VersionLine run { ...RunLine } } }
    }
  }
`);

const SHOW_MARKS = [ASSET_OVERVIEW.toString(), PARTITIONS.toString()];

export type Overview = NonNullable<AssetOverviewQuery['asset']>;

export default function AssetOverview({ assetId }: { assetId: string }) {
  const { data, error, refetch } = useAnswer(ASSET_OVERVIEW, { id: assetId });
  if (error) return <Failure error={error} retry={() => refetch()} />;
  if (!data?.asset) return <Loading label="the asset" />;
  const asset = data.asset;
  const producers = [...new Set(asset.producers.map((each) => each.step.workflow.slug))];
  // Whoever makes it answers for it; what comes from outside, who reads it or reported it.
  const workflow = producers[0] ?? asset.consumers[0]?.step.workflow.slug ?? asset.latest?.workflowSlug;
  const upstream = (step: Overview['producers'][number]['step']) => step.consumes.map((each) => each.asset.assetId);
  const downstream = (step: Overview['consumers'][number]['step']) => step.produces.map((each) => each.asset.assetId);
  return (
    <div className={styles.overview}>
      {asset.description && <p className={styles.description}>{asset.description}</p>}
      <Columns>
        <Verdict of={asset} />
        <Section title="Produced by" aside={howMany(asset.producers.length, 'step')}>
          <Declarations
            of={asset.producers.map((each) => ({ ...each, others: upstream(each.step) }))}
            word="from"
            none="No step declares to produce it: it comes from outside, or was reported without being declared."
          />
        </Section>
        <Section title="Consumed by" aside={howMany(asset.consumers.length, 'step')}>
          <Declarations
            of={asset.consumers.map((each) => ({ ...each, others: downstream(each.step) }))}
            word="for"
            none="No step declares to consume it."
          />
        </Section>
      </Columns>
      <Columns>
        <Newest of={asset.latest} assetId={asset.assetId} />
        <div className={styles.column}>
          <StaleMarks of={asset} workflow={workflow} renews={SHOW_MARKS} />
          {workflow && (
            <Partitions assetId={asset.assetId} workflow={workflow} producers={producers} renews={SHOW_MARKS} />
          )}
          {asset.history.nodes.length > 0 && <NewestRuns versions={asset.history.nodes} />}
        </div>
      </Columns>
    </div>
  );
}

const howMany = (number: number, what: string) => number > 1 && <span>{counted(number, what)}</span>;

function Verdict({ of: { assetId, freshness, latest, producers } }: { of: Overview }) {
  // A version is judged by the limits that it was produced under; before the first there are the declared ones.
  const declared = latest?.freshness ?? producers.find((producer) => producer.freshness)?.freshness;
  const causes = [...new Set(freshness.reasons.flatMap((reason) => reason.assetId ?? []))];
  return (
    <Section title="Freshness" aside={<Link href={links.gate(assetId)}>Check with upstream</Link>}>
      <div>
        <State look={FRESHNESS[freshness.state]} as="chip" />
      </div>
      {freshness.reasons.length > 0 ? <Reasons of={freshness.reasons} /> : <p>{FRESHNESS[freshness.state].meaning}</p>}
      <Facts
        of={[
          ['Caused by', causes.length > 0 && causes.map((id) => <Cause key={id} id={id} />)],
          ['Fresh until', freshness.freshUntil && <Time of={freshness.freshUntil} as="exact" />],
          ...limits(declared),
        ]}
      />
    </Section>
  );
}

function Cause({ id }: { id: string }) {
  return (
    <div>
      <Link href={links.asset(id, 'overview')}>{id}</Link>
    </div>
  );
}

function Newest({ of: latest, assetId }: { of: Overview['latest']; assetId: string }) {
  if (!latest) {
    return (
      <Section title="Newest version">
        <p>It was never produced. Its first version comes with the first run that reports it.</p>
      </Section>
    );
  }
  return (
    <Section title="Newest version" aside={<Link href={links.asset(assetId, 'history')}>All versions</Link>}>
      <div className={styles.line}>
        <VersionLink of={latest} />
        <Time of={latest.producedAt} />
        <span>
          by{' '}
          <Link href={links.step(latest.workflowSlug, latest.stepId)} aria-label={`step ${latest.stepName}`}>
            {latest.stepName}
          </Link>{' '}
          in <Link href={links.run(latest.runId)}>{latest.runId}</Link>
        </span>
      </div>
      {!latest.valid && <Violations of={latest.violations} />}
      <h3>Payload</h3>
      <JsonTree value={latest.payload} label="payload" />
      {latest.schema !== null && (
        <>
          <h3>Schema</h3>
          <JsonTree value={latest.schema} label="schema" folded />
        </>
      )}
    </Section>
  );
}

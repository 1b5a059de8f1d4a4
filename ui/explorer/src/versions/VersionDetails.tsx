/** What is known of one version, under its heading. */
import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { VersionDetailsFragment } from '@/api/generated/graphql';
import { STEP } from '@/format/states';
import { links } from '@/routing/links';
import { CopyButton } from '@/ui/CopyButton';
import { JsonTree } from '@/ui/JsonTree';
import { Columns, Facts, Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import { limits } from './limits';
import styles from './VersionDetails.module.css';
import { Violations } from './Violations';

export const VERSION_DETAILS = graphql(`
  fragment VersionDetails on Snapshot {
    ...VersionLine createdAt payload payloadDigest schema violations freshness stepStatus
  }
`);

export function VersionDetails({ of }: { of: VersionDetailsFragment }) {
  const declared = limits(of.freshness);
  return (
    <Columns>
      <Section title="Payload">
        {!of.valid && <Violations of={of.violations} />}
        <JsonTree value={of.payload} label="payload" />
      </Section>
      <div className={styles.column}>
        <Section title="Where it comes from">
          <Facts
            of={[
              ['Produced', <Time key="produced" of={of.producedAt} as="exact" />],
              ['Reported', of.createdAt !== of.producedAt && <Time key="reported" of={of.createdAt} as="exact" />],
              ['Workflow', <Link key="workflow" href={links.workflow(of.workflowSlug)} children={of.workflowSlug} />],
              ['Step', <Step key="step" of={of} />],
              ['Run', <Link key="run" href={links.run(of.runId)} children={of.runId} />],
              ['Partition', of.partitionKey && <Partition of={of} />],
              ['Digest', <Digest key="digest" of={of.payloadDigest} />],
            ]}
          />
        </Section>
        {declared.length > 0 && (
          <Section title="Freshness limits">
            <Facts of={declared} />
          </Section>
        )}
        {of.schema !== null && of.schema !== undefined && (
          <Section
            title="Schema"
            aside={<span>{of.valid ? 'the payload fits it' : 'the payload does not fit it'}</span>}
          >
            <JsonTree value={of.schema} label="schema" folded />
          </Section>
        )}
      </div>
    </Columns>
  );
}

function Step({ of: { workflowSlug, stepId, stepName, stepStatus, attempt } }: { of: VersionDetailsFragment }) {
  return (
    <span className={styles.line}>
      <Link href={links.step(workflowSlug, stepId)}>{stepName}</Link>
      {attempt > 1 && <span>attempt {attempt}</span>}
      <State look={STEP[stepStatus]} />
    </span>
  );
}

function Partition({ of: { assetId, partitionKey } }: { of: VersionDetailsFragment }) {
  return <Link href={links.history(assetId, { partition: partitionKey ?? '' })}>{partitionKey}</Link>;
}

/** The first characters, enough to tell two apart. */
function Digest({ of }: { of: string }) {
  return (
    <span className={styles.line}>
      <code title={of}>{of.slice(0, 12)}</code>
      <CopyButton label="Copy the digest" text={() => of} />
    </span>
  );
}

import { Link } from 'wouter';
import type { RunLineFragment, VersionLineFragment } from '@/api/generated/graphql';
import { grouped } from '@/format/groups';
import { RUN } from '@/format/states';
import { duration } from '@/format/time';
import { links } from '@/routing/links';
import { Section } from '@/ui/Page';
import { State } from '@/ui/State';
import { VersionLink } from '@/versions/VersionLink';
import styles from './NewestRuns.module.css';

type Made = VersionLineFragment & { run: RunLineFragment };

/** The runs behind the newest versions, each once, with what it left behind. */
export function NewestRuns({ versions }: { versions: readonly Made[] }) {
  const runs = grouped(versions, (version) => version.runId);
  return (
    <Section title="Newest runs">
      <ul className={styles.list}>
        {[...runs.values()].map((made) => {
          const { runId, status, workflowSlug, durationMs } = (made[0] as Made).run;
          return (
            <li key={runId}>
              <State look={RUN[status]} />
              <span className={styles.run}>
                <Link href={links.run(runId)}>{runId}</Link>
                <Link href={links.workflow(workflowSlug)}>{workflowSlug}</Link>
                {typeof durationMs === 'number' && <span>{duration(durationMs)}</span>}
              </span>
              <span className={styles.versions}>
                {made.map((version) => (
                  <VersionLink key={version.snapshotId} of={version} />
                ))}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

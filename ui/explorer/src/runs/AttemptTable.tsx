/** The attempts of a run over time, each a bar in a row of a table that says the same in words. */
import { Fragment } from 'react';
import { Link } from 'wouter';
import type { RunQuery } from '@/api/generated/graphql';
import { STEP } from '@/format/states';
import { duration } from '@/format/time';
import { links } from '@/routing/links';
import { CutList } from '@/ui/CutList';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import tones from '@/ui/Tone.module.css';
import { VersionName } from '@/versions/VersionName';
import styles from './AttemptTable.module.css';
import { type Bar, type Timeline, ticks } from './timeline';

export type Attempt = NonNullable<RunQuery['run']>['steps'][number];

interface AttemptTableProps {
  workflow: string;
  timeline: Timeline<Attempt>;
}

const MOST_TICKS = 5;

export function AttemptTable({ workflow, timeline }: AttemptTableProps) {
  const { from, to, bars } = timeline;
  const span = Math.max(1, to - from);
  const share = (ms: number): string => `${(100 * ms) / span}%`;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label="Attempts">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" className={styles.scale}>
              <span className="visually-hidden">Over time</span>
              <div className={styles.marks} aria-hidden="true">
                {ticks(span, MOST_TICKS).map((tick) => (
                  <span key={tick} className={styles.mark} style={{ left: share(tick) }}>
                    {duration(tick)}
                  </span>
                ))}
              </div>
            </th>
            <th scope="col" className={styles.number}>
              Duration
            </th>
          </tr>
        </thead>
        {bars.map((bar) => (
          <tbody key={bar.attempt.id}>
            <tr>
              <th scope="row" className={bar.isRetry ? styles.retry : undefined}>
                <Link href={links.step(workflow, bar.attempt.stepId)}>{bar.attempt.step.name}</Link>
                {bar.attempt.attempt > 1 && <span className={styles.muted}> attempt {bar.attempt.attempt}</span>}
              </th>
              <td>
                <State look={STEP[bar.attempt.status]} />
              </td>
              <td>{bar.attempt.startedAt && <Time of={bar.attempt.startedAt} as="exact" />}</td>
              <td className={styles.scale}>
                <div className={styles.track} aria-hidden="true">
                  {bar.from > bar.waitsFrom && (
                    <span
                      className={styles.wait}
                      style={{ left: share(bar.waitsFrom - from), width: share(bar.from - bar.waitsFrom) }}
                    />
                  )}
                  <span
                    className={`${styles.bar} ${tones[STEP[bar.attempt.status].tone]} ${bar.attempt.status === 'RUNNING' ? styles.running : ''}`}
                    title={words(bar)}
                    style={{ left: share(bar.from - from), width: share(bar.to - bar.from) }}
                  />
                </div>
              </td>
              <td className={styles.number}>{bar.to > bar.from && duration(bar.to - bar.from)}</td>
            </tr>
            <Details of={bar.attempt} />
          </tbody>
        ))}
      </table>
    </section>
  );
}

const words = ({ attempt, from, to, waitsFrom }: Bar<Attempt>): string =>
  [
    `${attempt.step.name}, attempt ${attempt.attempt}: ${STEP[attempt.status].word}`,
    from > waitsFrom && `waited ${duration(from - waitsFrom)}`,
    to > from && `took ${duration(to - from)}`,
  ]
    .filter(Boolean)
    .join(', ');

/** What an attempt read, left behind and complained of; nothing where there is nothing. */
function Details({ of: { inputs, snapshots, errorMessage, warnings } }: { of: Attempt }) {
  const complaints = warningsIn(warnings);
  if (inputs.length + snapshots.length + complaints.length === 0 && !errorMessage) return null;
  return (
    <tr className={styles.details}>
      <td colSpan={5}>
        {errorMessage && <p className={styles.error}>{errorMessage}</p>}
        <dl className={styles.facts}>
          {(
            [
              ['Read', 'read', inputs],
              ['Left behind', 'left behind', snapshots],
            ] as const
          ).map(
            ([title, label, versions]) =>
              versions.length > 0 && (
                <Fragment key={title}>
                  <dt>{title}</dt>
                  <dd>
                    <CutList
                      label={`Versions ${label}`}
                      items={versions}
                      itemKey={(version) => version.snapshotId}
                      show={(version) => <VersionName of={version} />}
                    />
                  </dd>
                </Fragment>
              ),
          )}
          {complaints.length > 0 && (
            <>
              <dt>Warnings</dt>
              <dd>
                {complaints.map((complaint) => (
                  <p key={complaint}>{complaint}</p>
                ))}
              </dd>
            </>
          )}
        </dl>
      </td>
    </tr>
  );
}

/** The sentences of warnings as the service keeps them, a list of `{code, message, field}`. */
function warningsIn(warnings: unknown): string[] {
  const all = Array.isArray(warnings) ? (warnings as { message?: string }[]) : [];
  return [...new Set(all.map((warning) => warning.message ?? JSON.stringify(warning)))];
}

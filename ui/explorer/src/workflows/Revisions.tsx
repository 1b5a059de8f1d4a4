/** The definitions that a workflow had, what each changed, and any two of them side by side. */
import { lazy, Suspense } from 'react';
import { graphql } from '@/api/generated';
import type { RevisionsQuery } from '@/api/generated/graphql';
import { useAnswers } from '@/api/useAnswers';
import { useValues } from '@/routing/useValues';
import { Select } from '@/ui/Field';
import { ListFoot } from '@/ui/ListFoot';
import { Failure, Loading } from '@/ui/Notice';
import { PageBody, Section } from '@/ui/Page';
import { Time } from '@/ui/Time';
import { type Change, changes, contents } from './changes';
import styles from './Revisions.module.css';

const JsonDiff = lazy(async () => ({ default: (await import('@/ui/JsonDiff')).JsonDiff }));

const REVISIONS = graphql(`
  query Revisions($slug: String!, $after: String) {
    workflow(slug: $slug, deleted: true) {
      deletedAt
      revisions(first: 20, after: $after) {
        nodes { revision validFrom validTo definition }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
`);

type Revision = NonNullable<RevisionsQuery['workflow']>['revisions']['nodes'][number];
const list = (answer: RevisionsQuery) => answer.workflow?.revisions;

export function Revisions({ slug }: { slug: string }) {
  const revisions = useAnswers(REVISIONS, { slug }, { list });
  if (!revisions.first) {
    return (
      <PageBody>
        {revisions.error ? (
          <Failure error={revisions.error} retry={revisions.retry} />
        ) : (
          <Loading label="the revisions" />
        )}
      </PageBody>
    );
  }
  return (
    <PageBody>
      <div className={styles.stack}>
        <Section title="Revisions">
          <ol className={styles.timeline}>
            {revisions.items.map((revision, index) => (
              <Entry
                key={revision.revision}
                revision={revision}
                before={revisions.items[index + 1]}
                next={revisions.items[index - 1]}
              />
            ))}
          </ol>
          <ListFoot of={revisions} what="revisions" />
        </Section>
        {revisions.items.length > 1 && <SideBySide revisions={revisions.items} />}
      </div>
    </PageBody>
  );
}

interface EntryProps {
  revision: Revision;
  /** The revision before it, where it is loaded. */
  before: Revision | undefined;
  next: Revision | undefined;
}

function Entry({ revision: { revision, validFrom, validTo, definition }, before, next }: EntryProps) {
  // A workflow that was deleted and registered again had no definition in between.
  const wasDeleted = validTo && validTo !== next?.validFrom;
  return (
    <li className={styles.entry}>
      <h3>Revision {revision}</h3>
      <p className={styles.held}>
        since <Time of={validFrom} as="exact" />
        {validTo && (
          <>
            {' '}
            until <Time of={validTo} as="exact" />
            {wasDeleted && ', when the workflow was deleted'}
          </>
        )}
      </p>
      {before ? (
        <Words of={changes(before.definition, definition)} />
      ) : (
        revision === 1 && <p>The first definition: {contents(definition)}.</p>
      )}
    </li>
  );
}

const SIGNS: Record<Change['kind'], string> = { added: '+', removed: '−', changed: '~' };

function Words({ of: told }: { of: readonly Change[] }) {
  if (told.length === 0) return <p>Written in another order; nothing else changed.</p>;
  return (
    <ul className={styles.changes}>
      {told.map(({ kind, words }) => (
        <li key={kind + words}>
          <span className={styles[kind]} aria-hidden="true">
            {SIGNS[kind]}
          </span>
          <span>
            <span className="visually-hidden">{kind}: </span>
            {words}
          </span>
        </li>
      ))}
    </ul>
  );
}

function SideBySide({ revisions }: { revisions: readonly Revision[] }) {
  const [values, change] = useValues();
  const chosen = (name: string, otherwise: number): Revision | undefined =>
    revisions.find((each) => String(each.revision) === values.get(name)) ?? revisions[otherwise];
  const [from, to] = [chosen('from', 1), chosen('to', 0)];
  if (!from || !to) return null;
  const options = revisions.map(({ revision }) => [String(revision), `Revision ${revision}`] as const);
  return (
    <Section
      title="Side by side"
      aside={
        <span className={styles.choice}>
          <Select
            label="Before"
            value={String(from.revision)}
            options={options}
            onChange={(value) => change({ from: value })}
          />
          <span aria-hidden="true">→</span>
          <Select
            label="After"
            value={String(to.revision)}
            options={options}
            onChange={(value) => change({ to: value })}
          />
        </span>
      }
    >
      <Suspense fallback={<Loading label="the difference" />}>
        <JsonDiff
          before={from.definition}
          after={to.definition}
          label="definition"
          names={[`Revision ${from.revision}`, `Revision ${to.revision}`]}
        />
      </Suspense>
    </Section>
  );
}

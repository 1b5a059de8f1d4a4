import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { DeclarationLineFragment } from '@/api/generated/graphql';
import { links } from '@/routing/links';
import { CutList } from '@/ui/CutList';
import { JsonTree } from '@/ui/JsonTree';
import { Time } from '@/ui/Time';
import { limitsLine } from '@/versions/limits';
import styles from './Declarations.module.css';

export const DECLARATION_LINE = graphql(`
  fragment DeclarationLine on Declaration {
    since description owner importance tags freshness partitioning autoMaterialize schema
    step { stepId name type workflow { slug name } }
  }
`);

interface DeclarationsProps {
  /** With the ids of the assets on the step's other side. */
  of: readonly (DeclarationLineFragment & { others: readonly string[] })[];
  /** Between a step and such an asset: "from" or "for". */
  word: string;
  none: string;
}

/** The steps that declare an asset, and what each declares of it. */
export function Declarations({ of, word, none }: DeclarationsProps) {
  if (of.length === 0) return <p className={styles.muted}>{none}</p>;
  return (
    <ul className={styles.list}>
      {of.map(({ step, since, others, ...declared }) => (
        <li key={`${step.workflow.slug} ${step.stepId}`} className={styles.entry}>
          <div>
            <Link href={links.step(step.workflow.slug, step.stepId)} className={styles.step}>
              {step.name}
            </Link>{' '}
            <span className={styles.muted}>
              of <Link href={links.workflow(step.workflow.slug)}>{step.workflow.name}</Link> · since{' '}
              <Time of={since} as="exact" />
            </span>
          </div>
          {others.length > 0 && (
            <div className={styles.others}>
              <span className={styles.muted}>{word} </span>
              <CutList
                items={others}
                label={`${step.name}, ${word}`}
                itemKey={(id) => id}
                show={(id) => <Link href={links.asset(id)}>{id}</Link>}
              />
            </div>
          )}
          {limitsLine(declared.freshness) && <div className={styles.muted}>{limitsLine(declared.freshness)}</div>}
          <Declared of={declared} />
        </li>
      ))}
    </ul>
  );
}

/** All that is declared, for whom wants to know it exactly. */
function Declared({ of }: { of: Omit<DeclarationLineFragment, 'step' | 'since'> }) {
  const said = Object.fromEntries(
    Object.entries(of).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
  if (Object.keys(said).length === 0) return null;
  return (
    <details>
      <summary>What it declares</summary>
      <JsonTree value={said} label="declaration" />
    </details>
  );
}

import type { MouseEvent } from 'react';
import { Link } from 'wouter';
import { counted } from '@/format/numbers';
import { links } from '@/routing/links';
import type { StepBeside } from './neighbours';
import styles from './StepsBeside.module.css';

interface StepsBesideProps {
  title: string;
  none: string;
  steps: readonly StepBeside[];
  /** How many assets there are on the steps' other side, and how many of them are named. */
  assets: number;
  named: number;
  /** Between a step and such an asset: "from" or "for". */
  word: string;
  onChoose?: (assetId: string) => void;
}

/** The steps that make an asset, or use it, with the assets that they make it from, or use it for. */
export function StepsBeside({ title, none, steps, assets, named, word, onChoose }: StepsBesideProps) {
  return (
    <section aria-label={title} className={styles.beside}>
      <h3>{title}</h3>
      {steps.length === 0 && <p className={styles.muted}>{none}</p>}
      <ul className={styles.steps}>
        {steps.map((step) => (
          <li key={step.key}>
            <Link href={links.step(step.workflowSlug, step.stepId)}>{step.name}</Link>{' '}
            <span className={styles.muted}>
              of <Link href={links.workflow(step.workflowSlug)}>{step.workflowName}</Link>
            </span>
            {step.assets.length > 0 && (
              <ul className={styles.assets} aria-label={`${step.name}, ${word}`}>
                {step.assets.map((id) => (
                  <li key={id}>
                    <span className={styles.muted}>{word} </span>
                    <Neighbour id={id} onChoose={onChoose} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {assets > named && (
        <p className={styles.muted}>
          {counted(assets - named, 'more asset')} one hop away. The lineage shows all of them.
        </p>
      )}
    </section>
  );
}

function Neighbour({ id, onChoose }: { id: string; onChoose?: (assetId: string) => void }) {
  const choose = onChoose && {
    onClick: (event: MouseEvent): void => {
      // A click with a key held opens a tab, as on any link.
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onChoose(id);
    },
  };
  return (
    <Link href={links.asset(id)} {...choose}>
      {id}
    </Link>
  );
}

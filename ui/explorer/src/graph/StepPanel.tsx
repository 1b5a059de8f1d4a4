import { X } from 'lucide-react';
import { Link } from 'wouter';
import { links } from '@/routing/links';
import { IconButton } from '@/ui/Button';
import { Facts } from '@/ui/Page';
import type { StepFact } from './facts';
import { type Seen, stepNode } from './model';
import styles from './StepPanel.module.css';

interface StepPanelProps {
  step: StepFact;
  /** The picture that it stands in. */
  seen: Seen;
  close: () => void;
}

const TYPES = { JOB: 'job', SERVICE: 'service', FANOUT: 'fan-out' } as const;

/** A step beside the graph: whose it is, and what it consumes and produces in this picture. */
export function StepPanel({ step, seen, close }: StepPanelProps) {
  const self = stepNode(step.key);
  const consumed = seen.lines.filter((line) => line.target === self).map((line) => line.source);
  const produced = seen.lines.filter((line) => line.source === self).map((line) => line.target);
  return (
    <aside className={styles.panel} aria-label={`Step ${step.name}`}>
      <div className={styles.head}>
        <h2>{step.name}</h2>
        <IconButton label="Close (Esc)" kind="bare" onClick={close}>
          <X size={16} />
        </IconButton>
      </div>
      <Facts
        of={[
          ['Step', <code key="id">{step.stepId}</code>],
          ['Type', TYPES[step.type]],
          [
            'Workflow',
            <Link key="workflow" href={links.workflow(step.workflowSlug)}>
              {step.workflowName}
            </Link>,
          ],
          ['Consumes', consumed.length > 0 && <Assets seen={seen} cards={consumed} />],
          ['Produces', produced.length > 0 && <Assets seen={seen} cards={produced} />],
        ]}
      />
    </aside>
  );
}

function Assets({ seen, cards }: { seen: Seen; cards: readonly string[] }) {
  const wanted = new Set(cards);
  const found = seen.cards.filter((card) => card.kind === 'asset').filter((card) => wanted.has(card.id));
  return (
    <ul>
      {found.map(({ id, fact: { assetId } }) => (
        <li key={id}>
          <Link href={links.asset(assetId)}>{assetId}</Link>
        </li>
      ))}
    </ul>
  );
}

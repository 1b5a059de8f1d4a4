import { Link } from 'wouter';
import { links } from '@/routing/links';
import { Facts } from '@/ui/Page';
import { SidePanel } from '@/ui/SidePanel';
import type { StepFact } from './facts';
import { type Seen, stepNode } from './model';

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
    <SidePanel title={step.name} label={`Step ${step.name}`} close={close}>
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
    </SidePanel>
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

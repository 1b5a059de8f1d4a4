import { Minus, Plus } from 'lucide-react';
import { Button, ButtonGroup, IconButton } from './Button';
import styles from './DepthStepper.module.css';

interface DepthStepperProps {
  /** Hops; null for all. */
  depth: number | null;
  /** How far there is anything, where that is known: beyond it one more hop shows nothing more. */
  reached?: number;
  onChange: (depth: number | null) => void;
}

/** How many hops to go: one less, one more, all. */
export function DepthStepper({ depth, reached, onChange }: DepthStepperProps) {
  const now = depth ?? reached ?? 1;
  const isEnd = depth === null || (reached !== undefined && reached < depth);
  return (
    <ButtonGroup label="Depth">
      <IconButton label="One hop less" disabled={now <= 1} onClick={() => onChange(now - 1)}>
        <Minus size={14} />
      </IconButton>
      <span role="status" className={styles.value}>
        {depth === null ? 'All hops' : depth === 1 ? '1 hop' : `${depth} hops`}
      </span>
      <IconButton label="One hop more" disabled={isEnd} onClick={() => onChange(now + 1)}>
        <Plus size={14} />
      </IconButton>
      <Button aria-pressed={depth === null} onClick={() => onChange(null)}>
        All
      </Button>
    </ButtonGroup>
  );
}

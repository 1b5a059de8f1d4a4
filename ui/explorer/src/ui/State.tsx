import { SIGNS } from '@/format/shapes';
import type { StateLook } from '@/format/states';
import styles from './State.module.css';
import tones from './Tone.module.css';

/** The shape alone, in the colour of its state. */
export function Mark({ look }: { look: StateLook }) {
  const { path, filled, dash } = SIGNS[look.shape];
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      className={`${styles.mark} ${tones[look.tone]}`}
      aria-hidden="true"
      focusable="false"
    >
      <path
        d={path}
        fill={filled ? 'currentColor' : 'none'}
        stroke={filled ? 'none' : 'currentColor'}
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeDasharray={dash}
      />
    </svg>
  );
}

interface StateProps {
  look: StateLook;
  /** `chip`: on a ground of its colour. */
  as?: 'plain' | 'chip';
}

/** Shape and word of a state; pointed at, it says what it means. */
export function State({ look, as = 'plain' }: StateProps) {
  return (
    <span className={`${as === 'chip' ? styles.chip : styles.state} ${tones[look.tone]}`} title={look.meaning}>
      <Mark look={look} />
      {look.word}
    </span>
  );
}

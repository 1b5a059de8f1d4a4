import type { ReactNode } from 'react';
import type { Shape, StateLook } from '@/format/states';
import styles from './State.module.css';

/** Each shape in a box of 12 by 12. The picture of a graph draws the same ones. */
export const SHAPES: Record<Shape, ReactNode> = {
  disc: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  clock: (
    <g fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round">
      <circle cx="6" cy="6" r="4.5" />
      <path d="M6 3.5V6l1.8 1.2" />
    </g>
  ),
  square: <rect x="1.8" y="1.8" width="8.4" height="8.4" rx="1" fill="currentColor" />,
  diamond: <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  dashed: (
    <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.2 2.2" />
  ),
  cross: <path d="m2.5 2.5 7 7m0-7-7 7" stroke="currentColor" strokeWidth="2" strokeLinecap="round" fill="none" />,
  play: <path d="M3 1.8v8.4L10 6Z" fill="currentColor" />,
};

/** The shape alone, in the colour of its state. */
export function Mark({ look }: { look: StateLook }) {
  return (
    <svg
      width="12"
      height="12"
      viewBox="0 0 12 12"
      className={`${styles.mark} ${styles[look.tone]}`}
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[look.shape]}
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
    <span className={`${as === 'chip' ? styles.chip : styles.state} ${styles[look.tone]}`} title={look.meaning}>
      <Mark look={look} />
      {look.word}
    </span>
  );
}

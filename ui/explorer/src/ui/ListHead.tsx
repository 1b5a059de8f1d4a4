import type { ReactNode } from 'react';
import styles from './ListHead.module.css';

/** Above a list: the answer in a sentence, and what can be done with it. */
export function ListHead({ sentence, children }: { sentence: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.head}>
      <p role="status" className={styles.sentence}>
        {sentence}
      </p>
      <div className={styles.tools}>{children}</div>
    </div>
  );
}

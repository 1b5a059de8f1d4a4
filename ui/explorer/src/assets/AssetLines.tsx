import type { ReactNode } from 'react';
import type { StateLook } from '@/format/states';
import { Mark } from '@/ui/State';
import styles from './AssetLines.module.css';

/** The name that a row is known by. */
export const nameClass = styles.name;

interface AssetLinesProps {
  /** The state of an asset; a step has none. */
  look?: StateLook;
  name: ReactNode;
  /** The second line. */
  children: ReactNode;
}

/** A row of a list in a narrow window. */
export function AssetLines({ look, name, children }: AssetLinesProps) {
  return (
    <div className={styles.lines}>
      <div className={styles.line}>
        {look && (
          <>
            <Mark look={look} />
            <span className="visually-hidden">{look.word}</span>
          </>
        )}
        {name}
      </div>
      <div className={styles.under}>{children}</div>
    </div>
  );
}

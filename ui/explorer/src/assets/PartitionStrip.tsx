/** Partitions as a strip of small fields, one a partition: where the gaps and the bad ones are, at a glance. */
import { Composite, CompositeItem, CompositeProvider } from '@ariakit/react';
import type { StateLook } from '@/format/states';
import { Mark } from '@/ui/State';
import tones from '@/ui/Tone.module.css';
import styles from './PartitionStrip.module.css';

interface PartitionStripProps {
  fields: readonly { key: string; look: StateLook }[];
  /** The key of the one that is looked at. */
  chosen: string | null;
  choose: (key: string) => void;
}

export function PartitionStrip({ fields, chosen, choose }: PartitionStripProps) {
  return (
    <CompositeProvider focusWrap={false} focusLoop={false}>
      <Composite role="toolbar" aria-label="Partitions, one field each" className={styles.strip}>
        {fields.map(({ key, look }) => (
          <CompositeItem
            key={key}
            className={`${styles.field} ${tones[look.tone]}`}
            aria-label={`${key}: ${look.word}`}
            aria-pressed={key === chosen}
            title={`${key}: ${look.word}`}
            onClick={() => choose(key)}
          >
            <Mark look={look} />
          </CompositeItem>
        ))}
      </Composite>
    </CompositeProvider>
  );
}

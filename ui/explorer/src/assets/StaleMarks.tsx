/** The stale marks on an asset: who set which and why; one can be set, and taken back. */
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useWrite } from '@/api/useWrite';
import { links } from '@/routing/links';
import { Button } from '@/ui/Button';
import { Banner } from '@/ui/Notice';
import { Section } from '@/ui/Page';
import { Time } from '@/ui/Time';
import type { Overview } from './AssetOverview';
import { CLEAR, MARK } from './markWrites';
import styles from './StaleMarks.module.css';

type Mark = Overview['stalePartitions'][number];

const keyOf = ({ workflow, partitionKey }: Mark) => `${workflow.slug} ${partitionKey ?? ''}`;

interface StaleMarksProps {
  of: Overview;
  /** In whose name it is marked; without any it cannot be. */
  workflow: string | undefined;
  /** The questions whose answers show marks. */
  renews: readonly string[];
}

export function StaleMarks({ of: asset, workflow, renews }: StaleMarksProps) {
  const marking = useWrite(MARK, renews);
  const clearing = useWrite(CLEAR, renews);
  const error = marking.error ?? clearing.error;
  return (
    <Section title="Stale marks">
      {error && <Banner>{error.message}</Banner>}
      {asset.stalePartitions.length > 0 && (
        <ul className={styles.list}>
          {asset.stalePartitions.map((mark) => (
            <li key={keyOf(mark)} className={styles.mark}>
              <span className={styles.words}>
                {mark.partitionKey !== null && <code>{mark.partitionKey}</code>}
                {mark.note && <span>{mark.note}</span>}
                <span className={styles.muted}>
                  by {mark.requestedBy && `${mark.requestedBy} in `}
                  <Link href={links.workflow(mark.workflow.slug)}>{mark.workflow.slug}</Link>,{' '}
                  <Time of={mark.requestedAt} />
                </span>
              </span>
              <Button
                aria-label={`Clear the mark of ${mark.workflow.slug}${mark.partitionKey === null ? '' : ` on ${mark.partitionKey}`}`}
                disabled={clearing.isPending}
                onClick={() =>
                  clearing.mutate({ workflow: mark.workflow.slug, asset: asset.assetId, partition: mark.partitionKey })
                }
              >
                Clear
              </Button>
            </li>
          ))}
        </ul>
      )}
      {workflow && (
        <MarkForm
          partition={asset.latest?.partitionKey ?? ''}
          isPartitioned={[...asset.producers, ...asset.consumers].some((each) => each.partitioning !== null)}
          busy={marking.isPending}
          mark={(partition, note) => marking.mutate({ workflow, asset: asset.assetId, partition, note })}
        />
      )}
    </Section>
  );
}

interface MarkFormProps {
  /** The newest version's. */
  partition: string;
  isPartitioned: boolean;
  busy: boolean;
  mark: (partition: string | null, note: string | null) => void;
}

function MarkForm({ partition, isPartitioned, busy, mark }: MarkFormProps) {
  const [key, setKey] = useState(partition);
  const [note, setNote] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    mark(key || null, note || null);
    setNote('');
  };
  return (
    <form className={styles.form} onSubmit={send}>
      {(isPartitioned || partition !== '') && (
        <input
          aria-label="Partition to mark"
          placeholder="Partition"
          maxLength={200}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      )}
      <input
        aria-label="Why it is stale"
        placeholder="Why"
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button type="submit" disabled={busy}>
        Mark stale
      </Button>
    </form>
  );
}

import { Link } from 'wouter';
import { graphql } from '@/api/generated';
import type { InputChangeLineFragment, InputDifference } from '@/api/generated/graphql';
import { links } from '@/routing/links';
import looks from '@/ui/Change.module.css';
import { CutList } from '@/ui/CutList';
import styles from './InputChanges.module.css';
import { VersionLink } from './VersionLink';

export const INPUT_CHANGE_LINE = graphql(`
  fragment InputVersion on ProvenanceSnapshot { id version partitionKey valid }
  fragment InputChangeLine on InputChange {
    assetId partitionKey difference distance
    before { ...InputVersion }
    after { ...InputVersion }
  }
`);

const DIFFERENCE: Record<InputDifference, { sign: string; word: string }> = {
  ADDED: { sign: '+', word: 'added' },
  GONE: { sign: '−', word: 'gone' },
  CHANGED: { sign: '~', word: 'changed' },
};

interface InputChangesProps {
  /** Nearest first. */
  of: readonly InputChangeLineFragment[];
  /** Only what each was made from directly was compared. */
  direct: boolean;
}

/** What differs upstream of two versions; a change can be compared itself. */
export function InputChanges({ of, direct }: InputChangesProps) {
  if (of.length === 0) {
    return (
      <p className={styles.none}>
        {direct
          ? 'No difference: both were made from the same versions. What differs further up shows with one hop more.'
          : 'No difference: the same versions are upstream of both.'}
      </p>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label="Differences of inputs">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Difference</th>
            <th scope="col">Asset</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
            <th scope="col">Hops</th>
            <th scope="col">
              <span className="visually-hidden">Compare</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {of.map((change) => (
            <Change key={`${change.assetId} ${change.partitionKey ?? ''}`} of={change} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Change({ of: { assetId, difference, distance, before, after } }: { of: InputChangeLineFragment }) {
  const { sign, word } = DIFFERENCE[difference];
  const [one, other] = [before[0], after[0]];
  return (
    <tr>
      <td className={looks[word]}>
        <span aria-hidden="true">{sign} </span>
        {word}
      </td>
      <td>
        <Link href={links.asset(assetId)}>{assetId}</Link>
      </td>
      <td>
        <Versions label={`${assetId}, before`} of={before} />
      </td>
      <td>
        <Versions label={`${assetId}, after`} of={after} />
      </td>
      <td>{distance}</td>
      <td>{one && other && <Link href={links.compare(one.id, other.id)}>Compare</Link>}</td>
    </tr>
  );
}

function Versions({ label, of }: { label: string; of: InputChangeLineFragment['before'] }) {
  if (of.length === 0) return null;
  return (
    <CutList
      label={label}
      items={of}
      itemKey={(version) => version.id}
      show={({ id, ...version }) => <VersionLink of={{ ...version, snapshotId: id }} />}
    />
  );
}

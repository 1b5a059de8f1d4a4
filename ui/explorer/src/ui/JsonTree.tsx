/** A JSON value as a tree that opens and closes; arrows walk it. */
import { useMemo, useState } from 'react';
import { JsonView, type Props as ViewProps } from 'react-json-view-lite';
import { Button } from './Button';
import { CopyButton } from './CopyButton';
import styles from './JsonTree.module.css';
import { hasLongText, paged, startsOpen } from './jsonFolds';

const LOOK: ViewProps['style'] = {
  container: styles.container ?? '',
  basicChildStyle: styles.item ?? '',
  childFieldsContainer: styles.children ?? '',
  label: styles.label ?? '',
  clickableLabel: `${styles.label} ${styles.clickable}`,
  nullValue: styles.nothing ?? '',
  undefinedValue: styles.nothing ?? '',
  numberValue: styles.number ?? '',
  booleanValue: styles.boolean ?? '',
  stringValue: styles.string ?? '',
  otherValue: styles.string ?? '',
  punctuation: styles.punctuation ?? '',
  expandIcon: `${styles.fold} ${styles.closed}`,
  collapseIcon: `${styles.fold} ${styles.open}`,
  collapsedContent: styles.collapsed ?? '',
  stringifyStringValues: true,
  ariaLables: { collapseJson: 'Close', expandJson: 'Open' },
};

interface JsonTreeProps {
  value: unknown;
  /** What it is: "payload"; read out. */
  label: string;
  /** Everything but the outermost level closed, for narrow places. */
  folded?: boolean;
}

/** Small values stand open, large ones closed; long lists come in pages, long texts cut until they are asked for. */
export function JsonTree({ value, label, folded = false }: JsonTreeProps) {
  const [whole, setWhole] = useState(false);
  const shown = useMemo(() => paged(value, !whole), [value, whole]);
  const isLong = useMemo(() => hasLongText(value), [value]);
  return (
    <div className={styles.tree}>
      <JsonView
        aria-label={label}
        // A text, a number or null is a value too; the library shows each, but its types know objects alone.
        data={shown as object}
        style={LOOK}
        shouldExpandNode={folded ? outermost : startsOpen}
        clickToExpandNode
      />
      <div className={styles.tools}>
        {isLong && <Button onClick={() => setWhole(!whole)}>{whole ? 'Shorten texts' : 'Whole texts'}</Button>}
        <CopyButton label={`Copy the ${label} as JSON`} text={() => JSON.stringify(value, null, 2)} />
      </div>
    </div>
  );
}

const outermost = (level: number): boolean => level === 0;

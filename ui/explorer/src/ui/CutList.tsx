import { type ReactNode, useState } from 'react';
import { count } from '@/format/numbers';
import { Button } from './Button';
import styles from './CutList.module.css';

interface CutListProps<Item> {
  label: string;
  items: readonly Item[];
  itemKey: (item: Item) => string;
  show: (item: Item) => ReactNode;
  /** How many are shown before the rest is asked for. */
  most?: number;
}

/** A few things in a row; of many the first, and a button for the others. */
export function CutList<Item>({ label, items, itemKey, show, most = 8 }: CutListProps<Item>) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole || items.length <= most + 1 ? items : items.slice(0, most);
  return (
    <ul aria-label={label} className={styles.list}>
      {shown.map((item) => (
        <li key={itemKey(item)}>{show(item)}</li>
      ))}
      {shown.length < items.length && (
        <li>
          <Button className={styles.more} onClick={() => setWhole(true)}>
            {count(items.length - shown.length)} more
          </Button>
        </li>
      )}
    </ul>
  );
}

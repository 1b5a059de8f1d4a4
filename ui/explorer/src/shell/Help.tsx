import { FRESHNESS, INVALID } from '@/format/states';
import { Dialog } from '@/ui/Dialog';
import { State } from '@/ui/State';
import styles from './Help.module.css';

/** What each key does; the graph's own act while it is shown. */
const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['/'], 'search'],
  [['?'], 'this help'],
  [['←', '→'], 'walk upstream, downstream'],
  [['↑', '↓'], 'walk to the asset above, below'],
  [['Enter'], 'open the asset that is chosen'],
  [['e'], 'expand what the asset hides'],
  [['c'], 'collapse it again'],
  [['f'], 'fit everything into the window'],
  [['+', '−'], 'zoom in, out'],
  [['l'], 'list or graph'],
  [['Esc'], 'close the panel'],
];

export function Help({ open, close }: { open: boolean; close: () => void }) {
  return (
    <Dialog title="Keys and signs" open={open} close={close}>
      <div className={styles.columns}>
        <ul className={styles.list} aria-label="Keys">
          {KEYS.map(([keys, meaning]) => (
            <li key={meaning} className={styles.entry}>
              <span className={styles.keys}>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
              {meaning}
            </li>
          ))}
        </ul>
        <ul className={styles.list} aria-label="Signs">
          {[...Object.values(FRESHNESS), INVALID].map((look) => (
            <li key={look.word}>
              <State look={look} />
              <div>{look.meaning}</div>
            </li>
          ))}
        </ul>
      </div>
      <p className={styles.credit}>The graph is drawn with React Flow, and laid out by dagre and elkjs.</p>
    </Dialog>
  );
}

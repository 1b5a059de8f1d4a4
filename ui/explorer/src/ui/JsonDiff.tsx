/** Two JSON values side by side, what differs marked; in a narrow window one column, what is gone above what came. */
import { Fragment, useMemo, useState } from 'react';
import { count, counted } from '@/format/numbers';
import { Button } from './Button';
import styles from './JsonDiff.module.css';
import { compareJson, fold, type Line, type Row, type Stretch } from './jsonLines';
import { useNarrow } from './useMedia';

/** Rows that are shown before more are asked for. */
const SHOWN = 1000;

interface JsonDiffProps {
  before: unknown;
  after: unknown;
  /** What the two are: "payload"; read out. */
  label: string;
  /** What stands above each side. */
  names?: readonly [before: string, after: string];
}

export function JsonDiff({ before, after, label, names = ['Before', 'After'] }: JsonDiffProps) {
  const rows = useMemo(() => compareJson(before, after), [before, after]);
  const [limit, setLimit] = useState(SHOWN);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const narrow = useNarrow();
  const differing = rows.filter((row) => row.kind !== 'same').length;
  if (differing === 0) return <p className={styles.none}>No difference.</p>;
  const stretches = fold(rows);
  const Rows = narrow ? Below : Beside;
  return (
    <div className={styles.box}>
      <table className={styles.table} aria-label={`Differences: ${label}`}>
        <colgroup>
          <col className={styles.numbers} />
          <col className={styles.signs} />
          <col />
          {!narrow && (
            <>
              <col className={styles.numbers} />
              <col className={styles.signs} />
              <col />
            </>
          )}
        </colgroup>
        <thead>
          {narrow ? (
            <tr>
              <th scope="col" colSpan={3}>
                {names[0]} → {names[1]}
              </th>
            </tr>
          ) : (
            <tr>
              <th scope="col" colSpan={3}>
                {names[0]}
              </th>
              <th scope="col" colSpan={3}>
                {names[1]}
              </th>
            </tr>
          )}
        </thead>
        <tbody>
          {within(stretches, limit).map((stretch) => {
            const key = rowKey(stretch.rows[0]);
            if (!stretch.folded || opened.has(key)) return <Rows key={key} rows={stretch.rows} />;
            return (
              <tr key={key}>
                <td colSpan={narrow ? 3 : 6} className={styles.fold}>
                  <button type="button" onClick={() => setOpened(new Set(opened).add(key))}>
                    {counted(stretch.rows.length, 'unchanged line')}
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > limit && (
        <p className={styles.more}>
          <Button onClick={() => setLimit(limit + SHOWN)}>
            More: {count(rows.length - limit)} of {counted(rows.length, 'line')} are left
          </Button>
        </p>
      )}
    </div>
  );
}

/** The first `limit` rows, in their stretches. */
function within(stretches: readonly Stretch[], limit: number): Stretch[] {
  const kept: Stretch[] = [];
  let left = limit;
  for (const stretch of stretches) {
    if (left <= 0) break;
    kept.push({ folded: stretch.folded, rows: stretch.folded ? stretch.rows : stretch.rows.slice(0, left) });
    left -= stretch.rows.length;
  }
  return kept;
}

/** A number of its own for each row: no line of the left or the right stands in two rows. */
const rowKey = (row: Row | undefined): number => (row?.before ? row.before.number : -(row?.after?.number ?? 0));

function Beside({ rows }: { rows: readonly Row[] }) {
  return rows.map((row) => (
    <tr key={rowKey(row)}>
      <Cells line={row.before} look={row.kind === 'same' ? 'same' : 'gone'} />
      <Cells line={row.after} look={row.kind === 'same' ? 'same' : 'added'} />
    </tr>
  ));
}

function Below({ rows }: { rows: readonly Row[] }) {
  return rows.map((row) => (
    <Fragment key={rowKey(row)}>
      {row.kind !== 'same' && row.before && (
        <tr>
          <Cells line={row.before} look="gone" />
        </tr>
      )}
      {row.after && (
        <tr>
          <Cells line={row.after} look={row.kind === 'same' ? 'same' : 'added'} />
        </tr>
      )}
    </Fragment>
  ));
}

type Look = 'same' | 'gone' | 'added';
const SIGN: Record<Look, string> = { same: '', gone: '−', added: '+' };
const MARK = { same: 'span', gone: 'del', added: 'ins' } as const;

function Cells({ line, look }: { line: Line | null; look: Look }) {
  if (line === null) return <td colSpan={3} className={styles.absent} />;
  const Mark = MARK[look];
  return (
    <>
      <td className={`${styles.number} ${styles[look]}`}>{line.number}</td>
      <td className={`${styles.sign} ${styles[look]}`}>
        <span aria-hidden="true">{SIGN[look]}</span>
        {look !== 'same' && <span className="visually-hidden">{look}</span>}
      </td>
      <td className={`${styles.text} ${styles[look]}`}>
        {line.parts.map((part, index) =>
          part.marked ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have no other name, and never move
            <Mark key={index}>{part.text}</Mark>
          ) : (
            part.text
          ),
        )}
      </td>
    </>
  );
}

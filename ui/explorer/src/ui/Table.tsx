/** A table of any length: only the rows in sight are in the page, further ones are asked for as the end comes near. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ComponentProps, type CSSProperties, type ReactNode, useEffect, useRef } from 'react';
import { useMarked } from '@/live/marks';
import styles from './Table.module.css';

export interface Column<Row> {
  name: string;
  /** A track of CSS grid, such as `minmax(160px, 2fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
  /** Aligned to the right. */
  number?: boolean;
}

interface TableProps<Row> {
  /** What the rows are; read out. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** The row that is shown beside the table. */
  current?: (row: Row) => boolean;
  /** What a row says over its whole width, where it is the heading of those below it. */
  heading?: (row: Row) => ReactNode;
  /** What the row is, for `live/marks`: it is marked for a moment when that changed. */
  mark?: (row: Row) => string;
  /** Called when the last rows come into sight. */
  onEnd?: () => void;
  /** Called as the first row comes into sight or leaves it. */
  onTop?: (atTop: boolean) => void;
  /** Goes to the first row whenever it is another number. */
  toTop?: number;
  /** Below the last row. */
  foot?: ReactNode;
  /** Pixels below which the table scrolls sideways. */
  minWidth?: number;
  rowHeight?: number;
}

/** Rows before the end at which more are asked for. */
const AHEAD = 20;

export function Table<Item>(props: TableProps<Item>) {
  const { label, columns, rows, rowKey, current, heading, mark, foot, minWidth = 0, rowHeight = 36 } = props;
  const { onEnd, onTop, toTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows.length - AHEAD) onEnd?.();
  }, [last, rows.length, onEnd]);
  const atTop = (virtual.scrollOffset ?? 0) < rowHeight / 2;
  useEffect(() => onTop?.(atTop), [atTop, onTop]);
  useEffect(() => {
    if (toTop !== undefined) scroller.current?.scrollTo({ top: 0 });
  }, [toTop]);
  const style = { '--columns': columns.map((column) => column.width).join(' '), '--least': `${minWidth}px` };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label={label}>
      <table className={styles.table} style={style as CSSProperties} aria-rowcount={rows.length + 1} aria-label={label}>
        <thead className={styles.head}>
          <tr className={styles.row} aria-rowindex={1}>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={`${styles.th} ${column.number ? styles.number : ''}`}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {shown.map((item) => {
            const row = rows[item.index] as Item;
            const over = heading?.(row);
            return (
              <Row
                key={rowKey(row)}
                mark={mark?.(row)}
                aria-rowindex={item.index + 2}
                aria-current={current?.(row) || undefined}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {over ? (
                  <th scope="rowgroup" colSpan={columns.length} className={`${styles.td} ${styles.heading}`}>
                    {over}
                  </th>
                ) : (
                  columns.map((column) => (
                    <td key={column.name} className={`${styles.td} ${column.number ? styles.number : ''}`}>
                      {column.cell(row)}
                    </td>
                  ))
                )}
              </Row>
            );
          })}
        </tbody>
      </table>
      {foot && <div className={styles.foot}>{foot}</div>}
    </section>
  );
}

function Row({ mark, ...rest }: ComponentProps<'tr'> & { mark: string | undefined }) {
  const justChanged = useMarked(mark);
  return <tr className={styles.row} data-just-changed={justChanged || undefined} {...rest} />;
}

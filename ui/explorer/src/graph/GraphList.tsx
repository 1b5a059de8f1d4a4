/** The same assets as the picture, as a list: for whom a graph is not the way. */
import { useMemo } from 'react';
import { Link } from 'wouter';
import { count, counted } from '@/format/numbers';
import { FRESHNESS, INVALID } from '@/format/states';
import { assetMark } from '@/live/marks';
import { links } from '@/routing/links';
import { Button } from '@/ui/Button';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import type { Changes } from './changes';
import { useActs } from './context';
import styles from './GraphList.module.css';
import { type AssetCard, assetNode, type Seen } from './model';
import type { Side } from './view';

interface GraphListProps {
  seen: Seen;
  chosen: string | null;
  changes: Changes | null;
}

interface Row {
  card: AssetCard;
  fedBy: number;
  feeds: number;
}

const CHANGED = { added: 'Added', gone: 'Gone', changed: 'Changed' } as const;

export function GraphList({ seen, chosen, changes }: GraphListProps) {
  const acts = useActs();
  const rows = useMemo(() => toRows(seen), [seen]);
  const columns: Column<Row>[] = [
    {
      name: 'Asset',
      width: 'minmax(220px, 3fr)',
      cell: ({ card }) => <Link href={links.asset(card.fact.assetId)}>{card.fact.assetId}</Link>,
    },
    ...(changes
      ? [
          {
            name: 'Change',
            width: '90px',
            cell: ({ card }: Row) => {
              const change = changes.cards.get(assetNode(card.fact.key));
              return change ? CHANGED[change] : 'same';
            },
          },
        ]
      : []),
    { name: 'State', width: '96px', cell: ({ card }) => <State look={FRESHNESS[card.fact.freshness.state]} /> },
    {
      name: 'Newest',
      width: '170px',
      cell: ({ card: { fact } }) =>
        fact.latest && (
          <span className={styles.cell}>
            <Link href={links.version(fact.latest.snapshotId)}>v{fact.latest.version}</Link>
            <Time of={fact.latest.producedAt} />
            {!fact.latest.valid && <State look={INVALID} />}
          </span>
        ),
    },
    {
      name: 'Workflow',
      width: 'minmax(120px, 1fr)',
      cell: ({ card }) => card.group && <Link href={links.workflow(card.group.slug)}>{card.group.name}</Link>,
    },
    { name: 'Fed by', width: '150px', cell: (row) => <Neighbours row={row} side="up" /> },
    { name: 'Feeds', width: '150px', cell: (row) => <Neighbours row={row} side="down" /> },
    {
      name: 'Details',
      width: '72px',
      cell: ({ card }) => (
        <Button kind="bare" aria-label={`Details of ${card.fact.assetId}`} onClick={() => acts.choose(card.id)}>
          Details
        </Button>
      ),
    },
  ];
  return (
    <Table
      label="Assets of the picture"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.card.id}
      mark={(row) => assetMark(row.card.fact.key)}
      current={(row) => row.card.id === chosen}
      minWidth={1040}
      foot={counted(rows.length, 'asset')}
    />
  );
}

/** The roots first, then by key. */
function toRows(seen: Seen): Row[] {
  const cards = seen.cards.filter((card) => card.kind === 'asset');
  return cards
    .map((card) => ({ card, fedBy: card.fact.upstreamCount, feeds: card.fact.downstreamCount }))
    .sort(
      (one, other) =>
        Number(other.card.root) - Number(one.card.root) || (one.card.fact.key < other.card.fact.key ? -1 : 1),
    );
}

function Neighbours({ row: { card, fedBy, feeds }, side }: { row: Row; side: Side }) {
  const { open } = useActs();
  const [all, hidden] = side === 'up' ? [fedBy, card.hidden.up] : [feeds, card.hidden.down];
  return (
    <span className={styles.cell}>
      {count(all)}
      {hidden > 0 && (
        <Button
          kind="bare"
          aria-label={`Show ${counted(hidden, 'more asset')} ${side === 'up' ? 'upstream' : 'downstream'} of ${card.fact.assetId}`}
          onClick={() => open({ key: card.fact.key, side })}
        >
          show {count(hidden)} more
        </Button>
      )}
    </span>
  );
}

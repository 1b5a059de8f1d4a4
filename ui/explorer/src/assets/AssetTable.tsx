import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AssetsQuery } from '@/api/generated/graphql';
import { count } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { assetMark } from '@/live/marks';
import { links } from '@/routing/links';
import { State } from '@/ui/State';
import { type Column, Table } from '@/ui/Table';
import { Time } from '@/ui/Time';
import { useNarrow } from '@/ui/useMedia';
import { VersionLink } from '@/versions/VersionLink';
import { AssetLines, nameClass } from './AssetLines';

type Row = AssetsQuery['assets']['nodes'][number];

interface AssetTableProps {
  assets: readonly Row[];
  onEnd: () => void;
  foot: ReactNode;
}

/** Assets as a table; in a narrow window two lines for each. */
export function AssetTable({ assets, onEnd, foot }: AssetTableProps) {
  const narrow = useNarrow();
  return (
    <Table
      // Rows of another height are measured anew.
      key={String(narrow)}
      label="Assets"
      columns={narrow ? NARROW : WIDE}
      rows={assets}
      rowKey={(asset) => asset.key}
      mark={(asset) => assetMark(asset.key)}
      rowHeight={narrow ? 56 : 34}
      minWidth={narrow ? 0 : 900}
      onEnd={onEnd}
      foot={foot}
    />
  );
}

const WIDE: readonly Column<Row>[] = [
  { name: 'State', width: '84px', cell: (asset) => <State look={FRESHNESS[asset.freshness.state]} /> },
  { name: 'Asset', width: 'minmax(240px, 3fr)', cell: (asset) => <Name of={asset} /> },
  { name: 'Produced by', width: 'minmax(120px, 1.4fr)', cell: (asset) => <Workflows of={asset} /> },
  { name: 'Newest', width: 'minmax(150px, 1.2fr)', cell: ({ latest }) => latest && <VersionLink of={latest} /> },
  { name: 'Produced', width: '96px', cell: ({ latest }) => latest && <Time of={latest.producedAt} /> },
  { name: 'Owners', width: 'minmax(90px, 1fr)', cell: (asset) => asset.owners.join(', ') },
  { name: 'Importance', width: '80px', cell: (asset) => asset.importance?.toLowerCase() },
  { name: 'Versions', width: '64px', number: true, cell: (asset) => asset.productions > 0 && count(asset.productions) },
];

const NARROW: readonly Column<Row>[] = [
  {
    name: 'Asset',
    width: 'minmax(0, 1fr)',
    cell: (asset) => (
      <AssetLines look={FRESHNESS[asset.freshness.state]} name={<Name of={asset} />}>
        {asset.latest ? (
          <>
            <VersionLink of={asset.latest} />
            <Time of={asset.latest.producedAt} />
          </>
        ) : (
          FRESHNESS[asset.freshness.state].word
        )}
        <Workflows of={asset} />
      </AssetLines>
    ),
  },
];

function Name({ of: { assetId, description } }: { of: Row }) {
  return (
    <Link href={links.asset(assetId)} className={nameClass} title={description ?? undefined}>
      {assetId}
    </Link>
  );
}

/** The workflows whose steps declare to produce it, each once. */
function Workflows({ of: { producers } }: { of: Row }) {
  const workflows = new Map(producers.map(({ step: { workflow } }) => [workflow.slug, workflow.name]));
  return [...workflows].map(([slug, name], index) => (
    <span key={slug}>
      {index > 0 && ', '}
      <Link href={links.workflow(slug)}>{name}</Link>
    </span>
  ));
}

/** The cards of the canvas as React Flow's node types. */
import type { Node, NodeProps } from '@xyflow/react';
import { Cog, FolderClosed, FolderOpen, TriangleAlert } from 'lucide-react';
import { memo, useContext } from 'react';
import { count, counted } from '@/format/numbers';
import { FRESHNESS } from '@/format/states';
import { assetMark, useMarked } from '@/live/marks';
import { Mark } from '@/ui/State';
import { Time } from '@/ui/Time';
import tones from '@/ui/Tone.module.css';
import styles from './cards.module.css';
import type { Change } from './changes';
import { FarContext, useActs } from './context';
import type { AssetCard, FoldedCard, Group, StepCard } from './model';
import { splitName } from './names';
import type { Side } from './view';

interface Common extends Record<string, unknown> {
  chosen: boolean;
  /** The one card that the Tab key reaches; arrow keys lead on from there. */
  reachable: boolean;
  change?: Change;
}

export type AssetNode = Node<Common & { card: AssetCard; versionBefore?: number }, 'asset'>;
export type StepNode = Node<Common & { card: StepCard }, 'step'>;
export type FoldedNode = Node<Common & { card: FoldedCard }, 'folded'>;
export type BoxNode = Node<{ group: Group; cards: number }, 'box'>;
export type CanvasNode = AssetNode | StepNode | FoldedNode | BoxNode;

const SIGNS: Record<Change, string> = { added: '+', gone: '−', changed: '≠' };

function classes(base: string, { chosen, change }: Common, more = ''): string {
  return [styles.card, base, chosen && styles.chosen, change && styles[change], more].filter(Boolean).join(' ');
}

const AssetView = memo(({ data }: NodeProps<AssetNode>) => {
  const { card, change } = data;
  const { choose } = useActs();
  const far = useContext(FarContext);
  const { fact } = card;
  const justChanged = useMarked(assetMark(fact.key));
  return (
    <div
      className={classes(styles.asset as string, data, card.root ? styles.root : '')}
      data-just-changed={justChanged || undefined}
    >
      <button
        type="button"
        className={styles.face}
        tabIndex={data.reachable ? 0 : -1}
        aria-pressed={data.chosen}
        aria-label={far ? describe(card, change) : undefined}
        title={fact.assetId}
        onClick={() => choose(card.id)}
      >
        {far ? <Mark look={FRESHNESS[fact.freshness.state]} /> : <AssetWords {...data} />}
      </button>
      {!far && <SideButton card={card} side="up" />}
      {!far && <SideButton card={card} side="down" />}
    </div>
  );
});

/** What is seen is what is heard, and then what others see in the card's looks. */
function AssetWords({ card: { fact, hidden, root }, change, versionBefore }: AssetNode['data']) {
  const [head, tail] = splitName(fact.assetId);
  const look = FRESHNESS[fact.freshness.state];
  return (
    <>
      <span className={styles.title}>
        <Mark look={look} />
        <span className={styles.head}>{head}</span>
        <span className={styles.tail}>{tail}</span>
        {change && (
          <span className={styles.sign} aria-hidden="true">
            {SIGNS[change]}
          </span>
        )}
      </span>
      <Said of={[root && 'where the picture starts', change && `${change} between the two instants`]} />
      <span className={styles.foot}>
        {fact.freshness.state !== 'UNKNOWN' && fact.freshness.state !== 'MISSING' && (
          <span className={`${styles.word} ${tones[look.tone]}`}>{look.word}</span>
        )}
        {fact.latest ? (
          <>
            <span>
              {change === 'changed' && versionBefore !== undefined && versionBefore !== fact.latest.version
                ? `v${versionBefore} → v${fact.latest.version}`
                : `v${fact.latest.version}`}
            </span>
            <span>
              <Time of={fact.latest.producedAt} as="age" />
            </span>
          </>
        ) : (
          <span>never produced</span>
        )}
        {fact.latest && !fact.latest.valid && (
          <span className={styles.invalid}>
            <TriangleAlert size={11} aria-hidden="true" /> invalid
          </span>
        )}
        {fact.asset.importance === 'HIGH' && <span className={styles.high}>high</span>}
      </span>
      <Said of={beyond(hidden)} />
    </>
  );
}

const Said = ({ of }: { of: readonly (string | false | undefined)[] }) => {
  const words = of.filter(Boolean).join(', ');
  return words === '' ? null : <span className="visually-hidden">, {words} </span>;
};

const beyond = ({ up, down }: AssetCard['hidden']) => [
  up > 0 && `${count(up)} more upstream`,
  down > 0 && `${count(down)} more downstream`,
];

/** What a card from afar says to those who hear it. */
function describe({ fact, hidden, root }: AssetCard, change: Change | undefined): string {
  const parts = [
    fact.assetId,
    root && 'where the picture starts',
    change && `${change} between the two instants`,
    FRESHNESS[fact.freshness.state].word,
    fact.latest ? `version ${fact.latest.version}${fact.latest.valid ? '' : ', invalid'}` : 'never produced',
    ...beyond(hidden),
  ];
  return parts.filter(Boolean).join(', ');
}

const WAYS: Record<Side, string> = { up: 'upstream', down: 'downstream' };

/** `+N` where a side hides N neighbours; on the chosen card, `−` where it shows all of them. */
function SideButton({ card, side }: { card: AssetCard; side: Side }) {
  const { open, close } = useActs();
  const hidden = card.hidden[side];
  const place = { key: card.fact.key, side };
  if (hidden > 0) {
    const label = `Show ${counted(hidden, 'more asset')} ${WAYS[side]} of ${card.fact.assetId}`;
    return (
      <button
        type="button"
        tabIndex={-1}
        className={`${styles.more} ${styles[side]}`}
        aria-label={label}
        title={label}
        onClick={() => open(place)}
      >
        +{count(hidden)}
      </button>
    );
  }
  if (!card.shown[side]) return null;
  const label = `Hide what is ${WAYS[side]} of ${card.fact.assetId}`;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${styles.less} ${styles[side]}`}
      aria-label={label}
      title={label}
      onClick={() => close(place)}
    >
      −
    </button>
  );
}

const StepView = memo(({ data }: NodeProps<StepNode>) => {
  const { choose } = useActs();
  const far = useContext(FarContext);
  const { fact } = data.card;
  return (
    <div className={classes(styles.step as string, data)}>
      <button
        type="button"
        className={styles.face}
        tabIndex={data.reachable ? 0 : -1}
        aria-pressed={data.chosen}
        aria-label={`step ${fact.name} of ${fact.workflowName}`}
        title={`${fact.name} · ${fact.workflowName}`}
        onClick={() => choose(data.card.id)}
      >
        {!far && (
          <span className={styles.title}>
            <Cog size={12} aria-hidden="true" />
            <span className={styles.only}>{fact.name}</span>
            {data.change && <span className={styles.sign}>{SIGNS[data.change]}</span>}
          </span>
        )}
      </button>
    </div>
  );
});

const FoldedView = memo(({ data }: NodeProps<FoldedNode>) => {
  const { fold } = useActs();
  const far = useContext(FarContext);
  const { group, assets, worst } = data.card;
  return (
    <div className={classes(styles.folded as string, data)}>
      <button
        type="button"
        className={styles.face}
        tabIndex={data.reachable ? 0 : -1}
        aria-label={`workflow ${group.name}, ${counted(assets, 'asset')}, folded; open it`}
        title={group.name}
        onClick={() => fold(group.slug, false)}
      >
        {far ? (
          <Mark look={FRESHNESS[worst]} />
        ) : (
          <>
            <span className={styles.title}>
              <FolderClosed size={13} aria-hidden="true" />
              <span className={styles.only}>{group.name}</span>
            </span>
            <span className={styles.foot}>
              <span>{counted(assets, 'asset')}</span>
              <Mark look={FRESHNESS[worst]} />
              <span>{FRESHNESS[worst].word}</span>
            </span>
          </>
        )}
      </button>
    </div>
  );
});

const BoxView = memo(({ data }: NodeProps<BoxNode>) => {
  const { fold } = useActs();
  return (
    <div className={styles.box}>
      <button
        type="button"
        tabIndex={-1}
        className={styles.boxName}
        title={`Fold ${data.group.name} into one card`}
        aria-label={`workflow ${data.group.name}; fold it`}
        onClick={() => fold(data.group.slug, true)}
      >
        <FolderOpen size={13} aria-hidden="true" />
        {data.group.name}
      </button>
    </div>
  );
});

export const NODE_TYPES = { asset: AssetView, step: StepView, folded: FoldedView, box: BoxView };

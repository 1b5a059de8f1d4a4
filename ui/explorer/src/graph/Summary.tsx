/** What the picture shows, what it leaves out, and the next step. */
import { keepPreviousData } from '@tanstack/react-query';
import { useAnswer } from '@/api/useAnswer';
import { count, counted } from '@/format/numbers';
import { exact } from '@/format/time';
import { Button } from '@/ui/Button';
import looks from '@/ui/Change.module.css';
import { Banner } from '@/ui/Notice';
import type { Changes } from './changes';
import { MOST, TOTAL } from './facts';
import type { Seen } from './model';
import styles from './Summary.module.css';
import type { Part } from './useGraph';
import type { Change } from './useView';
import { START, type View } from './view';

interface SummaryProps {
  roots: readonly string[];
  walks: boolean;
  view: View;
  change: Change;
  part: Part;
  seen: Seen;
  changes: Changes | null;
}

export function Summary({ roots, walks, view, change, part, seen, changes }: SummaryProps) {
  const shown = seen.cards.reduce(
    (sum, card) => sum + (card.kind === 'asset' ? 1 : card.kind === 'folded' ? card.assets : 0),
    0,
  );
  const asked = walks && view.to === null && view.depth !== null;
  const asOf = view.asOf === null ? null : { instant: view.asOf };
  const { direction, source } = view;
  const total = useAnswer(
    TOTAL,
    { roots: [...roots], direction, source, asOf, limit: roots.length },
    { enabled: asked, placeholderData: keepPreviousData, meta: { declared: true } },
  ).data?.lineage.totalKnown;
  const beyond = asked && total ? Math.max(0, total - part.reached.size) : 0;
  const showAll = (): void => change({ depth: null, opened: [], closed: [] });
  return (
    <>
      {part.cut && (
        <Banner>
          {cutText(part)}
          <Button onClick={() => change({ depth: Math.max(1, part.cut?.depthReached ?? 1), opened: [] })}>
            Show the nearest {counted(Math.max(1, part.cut.depthReached), 'hop')} whole
          </Button>
          <Button onClick={() => change({ direction: 'UPSTREAM' })}>Upstream alone</Button>
          <Button onClick={() => change({ direction: 'DOWNSTREAM' })}>Downstream alone</Button>
        </Banner>
      )}
      {part.way && !part.way.connected && (
        <Banner>
          No way leads from {roots[0]} to {view.to}, as{' '}
          {view.source === 'DECLARED' ? 'declared' : 'far as the edges chosen'}.
          {view.source !== 'ALL' && <Button onClick={() => change({ source: 'ALL' })}>Count observed edges too</Button>}
          <Button onClick={() => change({ to: START.to })}>Back to the neighbours</Button>
        </Banner>
      )}
      <div className={styles.line} role="status">
        <span>
          {counted(shown, 'asset')}, {counted(seen.lines.length, 'line')}
        </span>
        {view.to !== null && part.way?.connected && (
          <span>
            between {roots[0]} and {view.to}; the shortest way has {counted(part.way.edges.length, 'hop')}
          </span>
        )}
        {view.asOf !== null && <strong>as of {exact(view.asOf)}</strong>}
        {changes && (
          <span className={styles.changes}>
            since {view.since && exact(view.since)}:{' '}
            <span className={looks.added}>+ {count(changes.counts.added)} added</span>
            <span className={looks.gone}>− {count(changes.counts.gone)} gone</span>
            <span className={looks.changed}>≠ {count(changes.counts.changed)} changed</span>
          </span>
        )}
        {beyond > 0 && (
          <span>
            {counted(beyond, 'more asset')} {beyond === 1 ? 'lies' : 'lie'} further away{' '}
            <Button kind="bare" onClick={showAll}>
              {total && total > MOST ? `Show the nearest ${count(MOST)}` : 'Show all'}
            </Button>
          </span>
        )}
      </div>
    </>
  );
}

function cutText({ cut, reached }: Part): string {
  const of = cut?.totalKnown ? ` of ${count(cut.totalKnown)}` : '';
  const whole = cut && cut.depthReached > 0 ? `; complete up to ${counted(cut.depthReached, 'hop')}` : '';
  return cut?.reason === 'TRAVERSAL'
    ? `The picture is cut at ${counted(reached.size, 'asset')}: the service's own limit of one question ended it${whole}.`
    : `The picture is cut: these are the nearest ${counted(reached.size, 'asset')}${of}${whole}.`;
}

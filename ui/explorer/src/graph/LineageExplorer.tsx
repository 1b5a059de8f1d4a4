/** The lineage around one or more assets: the picture or its list, the tools above, the chosen card beside it. */
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { navigate } from '@/routing/hash';
import { links } from '@/routing/links';
import { useKeys } from '@/shell/useKeys';
import { Button } from '@/ui/Button';
import { Banner, Failure, Loading } from '@/ui/Notice';
import { Canvas } from './Canvas';
import { compare } from './changes';
import { type Acts, ActsContext } from './context';
import { FindWay } from './FindWay';
import { GraphList } from './GraphList';
import styles from './LineageExplorer.module.css';
import { type AssetCard, assetNode, see } from './model';
import { StepPanel } from './StepPanel';
import { Summary } from './Summary';
import { TimeBar } from './TimeBar';
import { Toolbar } from './Toolbar';
import { useGraph } from './useGraph';
import { useLayout } from './useLayout';
import { useMoments } from './useMoments';
import { useView } from './useView';
import { close, open, type Place, type View } from './view';
import { along } from './way';

const AssetPanel = lazy(async () => ({ default: (await import('@/assets/AssetPanel')).AssetPanel }));

interface LineageExplorerProps {
  /** Asset ids; one to walk from, or the assets of a workflow. */
  roots: readonly string[];
  /** Slug: the roots are this workflow's assets, joined by its steps. */
  workflow?: string;
  title: string;
}

const ONE: Partial<View> = {};
const WORKFLOW: Partial<View> = { steps: true };

export function LineageExplorer({ roots, workflow, title }: LineageExplorerProps) {
  const walks = workflow === undefined;
  const [view, change] = useView(walks ? ONE : WORKFLOW);
  const { now, earlier } = useGraph(roots, workflow, view);
  const [timing, setTiming] = useState(view.asOf !== null || view.since !== null);
  const [finding, setFinding] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const changes = useMemo(
    () => (view.since !== null && now.data && earlier?.data ? compare(earlier.data, now.data) : null),
    [view.since, now.data, earlier?.data],
  );
  const { closed, steps, grouped, folded } = view;
  const seen = useMemo(() => {
    if (!now.data || (view.since !== null && !changes)) return null;
    const keys = new Set([...roots, ...(view.to ? [view.to] : [])].map((id) => id.toLowerCase()));
    return see(changes?.union ?? now.data.subgraph, keys, { closed, steps, grouped, folded });
  }, [roots, view.to, view.since, now.data, changes, closed, steps, grouped, folded]);
  const { placed, error: layoutError, busy } = useLayout(view.display === 'graph' ? seen : null);

  const slugs = useMemo(
    () => [...new Set(now.data?.subgraph.steps.map((step) => step.workflowSlug) ?? [])].sort(),
    [now.data],
  );
  const moments = useMoments(timing ? slugs : [], timing ? roots[0] : undefined);
  const marked = useMemo(() => along(seen?.lines ?? [], now.data?.way?.edges ?? []), [seen, now.data]);

  const acts: Acts = useMemo(
    () => ({
      choose: (id) => change({ chosen: id }, { replace: true }),
      open: (place) => change((current) => open(current, place)),
      close: (place) => change((current) => close(current, place)),
      fold: (slug, shut) =>
        change((current) => {
          const others = current.folded.filter((each) => each !== slug);
          return { ...current, folded: shut ? [...others, slug] : others };
        }),
    }),
    [change],
  );
  const instant = useMemo(() => (view.asOf === null ? null : { instant: view.asOf }), [view.asOf]);
  const chosen = seen?.cards.find((card) => card.id === view.chosen);
  const unchoose = (): void => change({ chosen: null }, { replace: true });
  const sides = (act: (place: Place) => void, wanted: (card: AssetCard, side: 'up' | 'down') => boolean): void => {
    if (chosen?.kind !== 'asset') return;
    for (const side of ['up', 'down'] as const) if (wanted(chosen, side)) act({ key: chosen.fact.key, side });
  };
  useKeys({
    e: () => sides(acts.open, (card, side) => card.hidden[side] > 0),
    c: () => sides(acts.close, (card, side) => card.shown[side]),
    l: () => change({ display: view.display === 'graph' ? 'list' : 'graph' }),
  });
  useEffect(() => {
    if (view.asOf !== null || view.since !== null) setTiming(true);
  }, [view.asOf, view.since]);

  const save = async (format: 'svg' | 'png'): Promise<void> => {
    if (!placed) return;
    const note = `${view.asOf ? `As of ${view.asOf}` : 'As of now'}, drawn ${new Date().toISOString().slice(0, 16)}Z`;
    try {
      const { savePicture } = await import('./savePicture');
      await savePicture(format, placed, changes, { title, note });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const focus = (card: AssetCard): void => navigate(links.asset(card.fact.assetId, 'lineage'));

  const error = now.error ?? earlier?.error;
  if (error) {
    const again = (): void => {
      void now.refetch();
      void earlier?.refetch();
    };
    const startAgain = <Button onClick={() => navigate('?')}>Start this view again</Button>;
    return <Failure error={error} retry={again} actions={startAgain} />;
  }
  return (
    <ActsContext value={acts}>
      <div className={styles.explorer}>
        <Toolbar
          view={view}
          change={change}
          walks={walks}
          timing={timing}
          toggleTime={() => {
            if (timing) change({ asOf: null, since: null });
            setTiming(!timing);
          }}
          findWay={() => setFinding(true)}
          more={[
            { text: 'Copy the link to this view', act: () => void navigator.clipboard.writeText(window.location.href) },
            { text: 'Save as SVG', act: () => void save('svg') },
            { text: 'Save as PNG', act: () => void save('png') },
            { text: 'Start this view again', act: () => navigate('?') },
          ]}
        />
        {timing && (
          <TimeBar
            view={view}
            change={change}
            moments={moments}
            close={() => {
              change({ asOf: null, since: null });
              setTiming(false);
            }}
          />
        )}
        {problem && (
          <Banner>
            {problem}
            <Button onClick={() => setProblem(null)}>Close</Button>
          </Banner>
        )}
        {layoutError && (
          <Banner>The picture could not be laid out ({layoutError.message}). The list shows the same.</Banner>
        )}
        <div className={styles.stage} aria-busy={busy || now.isFetching}>
          {!seen || (view.display === 'graph' && !placed && !layoutError) ? (
            <Loading label="the lineage" />
          ) : view.display === 'list' ? (
            <div className={styles.list}>
              <GraphList seen={seen} chosen={view.chosen} changes={changes} />
            </div>
          ) : (
            placed && (
              <Canvas
                placed={placed}
                chosen={view.chosen}
                changes={changes}
                marked={marked}
                onWalk={acts.choose}
                onOpen={focus}
              >
                {now.data && (
                  <Summary
                    roots={roots}
                    walks={walks}
                    view={view}
                    change={change}
                    part={now.data}
                    seen={placed.seen}
                    changes={changes}
                  />
                )}
              </Canvas>
            )
          )}
          {chosen?.kind === 'asset' && (
            <Suspense fallback={<div className={styles.room} />}>
              <AssetPanel
                assetId={chosen.fact.assetId}
                asOf={instant}
                onClose={unchoose}
                onChoose={(id) => {
                  const node = assetNode(id.toLowerCase());
                  if (seen?.cards.some((card) => card.id === node)) acts.choose(node);
                  else navigate(links.asset(id, 'lineage'));
                }}
              />
            </Suspense>
          )}
          {chosen?.kind === 'step' && seen && <StepPanel step={chosen.fact} seen={seen} close={unchoose} />}
        </div>
        {walks && (
          <FindWay
            from={roots[0] as string}
            open={finding}
            close={() => setFinding(false)}
            choose={(to) => {
              setFinding(false);
              change({ to, opened: [], closed: [] });
            }}
          />
        )}
      </div>
    </ActsContext>
  );
}

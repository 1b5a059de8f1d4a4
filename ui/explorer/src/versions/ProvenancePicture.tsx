/** Versions as cards, what was made from what as lines, from left to right. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { count } from '@/format/numbers';
import { INVALID } from '@/format/states';
import { curve } from '@/graph/curves';
import { startLayout } from '@/graph/layout';
import type { Layout } from '@/graph/layout/types';
import { splitName } from '@/graph/names';
import { links } from '@/routing/links';
import { Banner, Empty, Loading } from '@/ui/Notice';
import { State } from '@/ui/State';
import { Time } from '@/ui/Time';
import styles from './ProvenancePicture.module.css';
import type { Version } from './provenanceRows';

const CARD = { width: 232, height: 48 };
const MARGIN = 16;

/** The nearest versions that one picture holds; nobody finds anything among more. */
const MOST = 150;

interface Edge {
  source: string;
  target: string;
}

interface PictureProps {
  root: string;
  /** Nearest first. */
  versions: readonly Version[];
  edges: readonly Edge[];
}

export default function ProvenancePicture({ root, versions, edges }: PictureProps) {
  const shown = useMemo(() => within(versions.slice(0, MOST), edges), [versions, edges]);
  const { layout, error } = usePlaces(shown);
  const centre = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (layout) centre.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [layout]);
  if (error) return <Empty title="The picture could not be laid out">{error.message} The list shows the same.</Empty>;
  if (!layout) return <Loading label="the picture" />;
  const places = Object.values(layout.nodes);
  const size = {
    width: Math.max(...places.map((place) => place.x + place.width)) + 2 * MARGIN,
    height: Math.max(...places.map((place) => place.y + place.height)) + 2 * MARGIN,
  };
  return (
    <>
      {versions.length > MOST && (
        <Banner>
          The picture holds the nearest {count(MOST)} of {count(versions.length)} versions. The list shows them all.
        </Banner>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.scroller} tabIndex={0} aria-label="Picture of the provenance">
        <div className={styles.picture} style={size}>
          <svg className={styles.lines} width={size.width} height={size.height} aria-hidden="true">
            <g transform={`translate(${MARGIN} ${MARGIN})`}>
              {shown.edges.map(({ source, target }) => {
                const [from, to] = [layout.nodes[source], layout.nodes[target]];
                if (!from || !to) return null;
                const { path, head } = curve(from, to);
                return (
                  <g key={`${source} ${target}`}>
                    <path d={path} className={styles.line} />
                    <path d={head} className={styles.head} />
                  </g>
                );
              })}
            </g>
          </svg>
          <ul aria-label="Versions">
            {shown.versions.map((version) => {
              const place = layout.nodes[version.id];
              if (!place) return null;
              const isRoot = version.id === root;
              return (
                <li
                  key={version.id}
                  ref={isRoot ? centre : undefined}
                  className={`${styles.card} ${isRoot ? styles.root : ''} ${version.valid ? '' : styles.invalid}`}
                  style={{ left: place.x + MARGIN, top: place.y + MARGIN, width: place.width, height: place.height }}
                >
                  <Card of={version} isRoot={isRoot} />
                </li>
              );
            })}
          </ul>
        </div>
      </section>
    </>
  );
}

function Card({ of: version, isRoot }: { of: Version; isRoot: boolean }) {
  const [beginning, end] = splitName(version.assetId);
  return (
    <>
      <Link
        href={links.version(version.id)}
        className={styles.name}
        title={version.assetId}
        aria-current={isRoot || undefined}
      >
        <span className={styles.beginning}>{beginning}</span>
        <span>{end}</span>
      </Link>
      <span className={styles.foot}>
        {version.partitionKey && <span>{version.partitionKey}</span>}v{version.version}{' '}
        <Time of={version.producedAt} as="age" />
        {!version.valid && <State look={INVALID} />}
      </span>
    </>
  );
}

/** The versions and the edges among them. */
function within(versions: readonly Version[], edges: readonly Edge[]): { versions: readonly Version[]; edges: Edge[] } {
  const ids = new Set(versions.map((version) => version.id));
  return { versions, edges: edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)) };
}

function usePlaces({ versions, edges }: { versions: readonly Version[]; edges: readonly Edge[] }) {
  const [layout, setLayout] = useState<Layout | null>(null);
  const [error, setError] = useState<Error | null>(null);
  useEffect(() => {
    let wanted = true;
    const task = startLayout({
      nodes: versions.map(({ id }) => ({ id, ...CARD })),
      edges: edges.map((edge) => [edge.source, edge.target] as const),
      boxes: [],
    });
    task.layout.then(
      (places) => wanted && setLayout(places),
      (problem: unknown) => wanted && setError(problem instanceof Error ? problem : new Error(String(problem))),
    );
    return () => {
      wanted = false;
      task.stop();
    };
  }, [versions, edges]);
  return { layout, error };
}

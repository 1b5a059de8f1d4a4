/** What can be done with a picture. */
import { Menu, MenuButton, MenuItem, MenuProvider } from '@ariakit/react';
import { Boxes, Clock, Cog, Ellipsis, Route } from 'lucide-react';
import type { EdgeSource } from '@/api/generated/graphql';
import { Button, buttonClass } from '@/ui/Button';
import { Choice } from '@/ui/Choice';
import { DepthStepper } from '@/ui/DepthStepper';
import styles from './Toolbar.module.css';
import type { Change } from './useView';
import { START, type View } from './view';

interface ToolbarProps {
  view: View;
  change: Change;
  /** The walk from one root: which way and how far. A fixed set of assets has none. */
  walks: boolean;
  timing: boolean;
  toggleTime: () => void;
  findWay: () => void;
  more: readonly { text: string; act: () => void }[];
}

const DIRECTIONS = [
  ['BOTH', 'Both'],
  ['UPSTREAM', 'Upstream'],
  ['DOWNSTREAM', 'Downstream'],
] as const;

const SOURCES: readonly (readonly [EdgeSource, string])[] = [
  ['DECLARED', 'Declared'],
  ['OBSERVED', 'Observed'],
  ['ALL', 'All edges'],
];

export function Toolbar({ view, change, walks, timing, toggleTime, findWay, more }: ToolbarProps) {
  // Another walk begins anew: what was opened by hand belonged to the last one.
  const walk = (wanted: Partial<View>): void => change({ opened: [], closed: [], to: null, ...wanted });
  return (
    <div className={styles.bar} role="toolbar" aria-label="Picture">
      {walks && (
        <>
          <Choice
            label="Which way"
            value={view.direction}
            options={DIRECTIONS}
            onChange={(direction) => walk({ direction })}
          />
          <DepthStepper depth={view.depth} onChange={(depth) => walk({ depth })} />
        </>
      )}
      <Button
        aria-pressed={view.steps}
        onClick={() => change({ steps: !view.steps })}
        title="Steps as cards of their own"
      >
        <Cog size={14} aria-hidden="true" /> Steps
      </Button>
      <Button
        aria-pressed={view.grouped}
        onClick={() => change({ grouped: !view.grouped, folded: [] })}
        title="A box around the assets of each workflow"
      >
        <Boxes size={14} aria-hidden="true" /> Group
      </Button>
      <select
        className={styles.select}
        aria-label="Which edges count"
        title="Which edges count: what definitions declare, what runs really did, or both"
        value={view.source}
        onChange={(event) => change({ source: event.target.value as EdgeSource })}
      >
        {SOURCES.map(([source, text]) => (
          <option key={source} value={source}>
            {text}
          </option>
        ))}
      </select>
      {walks && (
        <Button aria-pressed={view.to !== null} onClick={view.to === null ? findWay : () => change({ to: START.to })}>
          <Route size={14} aria-hidden="true" /> Way to …
        </Button>
      )}
      <Button aria-pressed={timing} aria-expanded={timing} onClick={toggleTime}>
        <Clock size={14} aria-hidden="true" /> Time
      </Button>
      <div className={styles.end}>
        <Choice
          label="Shown as"
          value={view.display}
          options={[
            ['graph', 'Graph'],
            ['list', 'List'],
          ]}
          onChange={(display) => change({ display })}
        />
        <MenuProvider>
          <MenuButton className={buttonClass} aria-label="More">
            <Ellipsis size={14} aria-hidden="true" />
          </MenuButton>
          <Menu gutter={4} className={styles.menu} portal>
            {more.map(({ text, act }) => (
              <MenuItem key={text} className={styles.item} onClick={act}>
                {text}
              </MenuItem>
            ))}
          </Menu>
        </MenuProvider>
      </div>
    </div>
  );
}

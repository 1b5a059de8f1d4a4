/** The signs of states, in a box of 12 by 12; drawn on the page and in pictures alike. */
import type { Shape } from './states';

const CIRCLE = 'M1.7 6a4.3 4.3 0 1 0 8.6 0a4.3 4.3 0 1 0-8.6 0';

export interface Sign {
  /** SVG path data. */
  path: string;
  filled: boolean;
  /** `stroke-dasharray`, of one that is not filled. */
  dash?: string;
}

export const SIGNS: Record<Shape, Sign> = {
  disc: { path: CIRCLE, filled: true },
  clock: { path: `${CIRCLE}M6 3.5V6l1.8 1.2`, filled: false },
  square: { path: 'M1.8 1.8h8.4v8.4H1.8Z', filled: true },
  diamond: { path: 'M6 .8 11.2 6 6 11.2.8 6Z', filled: true },
  ring: { path: CIRCLE, filled: false },
  dashed: { path: CIRCLE, filled: false, dash: '2.2 2.2' },
  cross: { path: 'm2.5 2.5 7 7m0-7-7 7', filled: false },
  play: { path: 'M3 1.8v8.4L10 6Z', filled: true },
};

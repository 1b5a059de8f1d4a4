/** Lines between cards, as SVG path data. */
import type { Rect } from './layout/types';

export interface Curve {
  path: string;
  /** The head of the arrow, a closed path. */
  head: string;
  middle: { x: number; y: number };
  /** Where it meets the card. */
  end: { x: number; y: number };
}

const HEAD = 6;

/** From the right of one card to the left of another; backwards and to itself around the outside. */
export function curve(from: Rect, to: Rect): Curve {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const head = `M${at(x2 - HEAD, y2 - 3.5)}L${at(x2, y2)}L${at(x2 - HEAD, y2 + 3.5)}Z`;
  if (x2 >= x1) {
    const bend = Math.max(24, (x2 - x1) / 2);
    return {
      path: `M${at(x1, y1)}C${at(x1 + bend, y1)} ${at(x2 - bend, y2)} ${at(x2 - HEAD + 1, y2)}`,
      head,
      middle: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 },
      end: { x: x2, y: y2 },
    };
  }
  const below = Math.max(from.y + from.height, to.y + to.height) + 26;
  return {
    path:
      `M${at(x1, y1)}C${at(x1 + 40, y1)} ${at(x1 + 40, below)} ${at(x1 - 8, below)}` +
      `L${at(x2 + 8, below)}C${at(x2 - 40, below)} ${at(x2 - 40, y2)} ${at(x2 - HEAD + 1, y2)}`,
    head,
    middle: { x: (x1 + x2) / 2, y: below },
    end: { x: x2, y: y2 },
  };
}

const at = (x: number, y: number): string => `${round(x)} ${round(y)}`;
const round = (number: number): number => Math.round(number * 10) / 10;

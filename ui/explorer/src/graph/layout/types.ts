/** A graph as a layout sees it, and where it puts things; pixels at zoom 1, y downwards, corners at the upper left. */
export interface LayoutNode {
  id: string;
  width: number;
  height: number;
  /** The id of the box around it. */
  box?: string;
}

export interface LayoutGraph {
  nodes: readonly LayoutNode[];
  edges: readonly (readonly [source: string, target: string])[];
  boxes: readonly string[];
}

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  nodes: Record<string, Rect>;
  boxes: Record<string, Rect>;
}

/** Between neighbours in a column, and between columns. */
export const SPACING = { within: 14, between: 76 } as const;

/** Room inside of a box around its nodes; more above, for its name. */
export const PADDING = { top: 40, side: 14 } as const;

/** On whole pixels: text between them is blurred, and sums of places stay exact. */
export const onPixels = ({ x, y, width, height }: Rect): Rect => ({
  x: Math.round(x),
  y: Math.round(y),
  width: Math.round(width),
  height: Math.round(height),
});

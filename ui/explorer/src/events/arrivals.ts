/** What came since the pages were read: shown on top of them, or held back while somebody reads on. */

export interface Arrivals<Item> {
  /** The newest first. */
  shown: readonly Item[];
  held: readonly Item[];
  /** More came than are kept: the pages have to be read anew. */
  overflown: boolean;
}

export const NONE: Arrivals<never> = { shown: [], held: [], overflown: false };

/** New events that stay in memory. */
export const MOST_NEW = 2000;

export type Arrival<Item> =
  /** In the order in which they came. */
  { type: 'came'; items: readonly Item[]; hold: boolean } | { type: 'released' } | { type: 'cleared' };

export function arrive<Item>(state: Arrivals<Item>, arrival: Arrival<Item>): Arrivals<Item> {
  switch (arrival.type) {
    case 'cleared':
      return NONE;
    case 'released':
      return state.held.length === 0 ? state : { ...state, shown: [...state.held, ...state.shown], held: [] };
    case 'came': {
      if (state.overflown) return state;
      const newest = arrival.items.toReversed();
      const [held, shown] = arrival.hold
        ? [[...newest, ...state.held], state.shown]
        : [[], [...newest, ...state.held, ...state.shown]];
      return { shown, held, overflown: shown.length + held.length > MOST_NEW };
    }
  }
}

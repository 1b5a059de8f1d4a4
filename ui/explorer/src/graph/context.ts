/** What the cards of a canvas can do, handed down past React Flow. */
import { createContext, useContext } from 'react';
import type { Place } from './view';

export interface Acts {
  choose: (id: string) => void;
  open: (place: Place) => void;
  close: (place: Place) => void;
  fold: (slug: string, shut: boolean) => void;
}

/** Whether the picture is so far away that nobody can read its cards. */
export const FarContext = createContext(false);

export const ActsContext = createContext<Acts | null>(null);

export function useActs(): Acts {
  const acts = useContext(ActsContext);
  if (!acts) throw new Error('a card stands outside of a canvas');
  return acts;
}

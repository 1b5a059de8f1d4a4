import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { Live } from './Live';
import type { Liveness } from './liveness';

const LiveContext = createContext<Live | null>(null);

/** Keeps what is in it up to date while it is on the page. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live] = useState(() => new Live(client));
  useEffect(() => live.start(), [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('it stands outside of a LiveProvider');
  return live;
}

export function useLiveness(): Liveness {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, live.state);
}

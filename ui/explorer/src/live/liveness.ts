/** How the page stands to what happens in the service: the states of its one connection, and what leads on. */

export type Liveness =
  /** Never connected so far. */
  | { kind: 'starting' }
  | { kind: 'live' }
  /** The connection is gone; `position` is the number of the last event that was seen. */
  | { kind: 'lost'; position: number }
  /** It is back, and what was missed comes in. `until` is the last of it; null while nobody knows. */
  | { kind: 'catching'; from: number; position: number; until: number | null }
  /** `missed` events came late; `anew`: too many for that, and everything was read anew. */
  | { kind: 'caughtUp'; missed: number; anew: boolean }
  /** Nobody looks at the tab: it let its connection go. */
  | { kind: 'resting'; position: number }
  /** The service does not let it in. */
  | { kind: 'refused'; why: string };

export type Happening =
  | { type: 'connected' }
  | { type: 'lost'; position: number }
  /** The service says which event is the newest. */
  | { type: 'newest'; newest: number }
  | { type: 'seen'; sequence: number }
  /** Everything was read anew; the newest event was `newest`. */
  | { type: 'anew'; newest: number }
  /** The good news was on the page for long enough. */
  | { type: 'settled' }
  | { type: 'resting'; position: number }
  | { type: 'refused'; why: string };

export function next(state: Liveness, happening: Happening): Liveness {
  switch (happening.type) {
    case 'connected':
      return connected(state);
    case 'lost':
      return lost(state, happening.position);
    case 'newest':
      if (state.kind !== 'catching') return state;
      return settle({ ...state, until: happening.newest });
    case 'seen':
      if (state.kind !== 'catching') return state;
      return settle({ ...state, position: happening.sequence });
    case 'anew': {
      const from = state.kind === 'catching' ? state.from : state.kind === 'lost' ? state.position : happening.newest;
      return { kind: 'caughtUp', missed: happening.newest - from, anew: true };
    }
    case 'settled':
      return state.kind === 'caughtUp' ? { kind: 'live' } : state;
    case 'resting':
      return { kind: 'resting', position: 'from' in state ? state.from : happening.position };
    case 'refused':
      return { kind: 'refused', why: happening.why };
  }
}

function connected(state: Liveness): Liveness {
  if (state.kind === 'lost' || state.kind === 'resting') {
    return { kind: 'catching', from: state.position, position: state.position, until: null };
  }
  return state.kind === 'starting' || state.kind === 'refused' ? { kind: 'live' } : state;
}

function lost(state: Liveness, position: number): Liveness {
  // One that tries again is lost already, and one that rests wants it so.
  if (state.kind === 'live' || state.kind === 'caughtUp') return { kind: 'lost', position };
  // Lost once more: what it missed the first time is still part of what it was away for.
  return state.kind === 'catching' ? { kind: 'lost', position: state.from } : state;
}

/** Numbers have no gaps, so they tell how many events were missed. */
function settle(state: Extract<Liveness, { kind: 'catching' }>): Liveness {
  if (state.until === null || state.position < state.until) return state;
  return { kind: 'caughtUp', missed: Math.max(0, state.until - state.from), anew: false };
}

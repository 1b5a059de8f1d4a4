/** How long to wait before another try: longer with each failure, and never in step with other tabs. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Milliseconds; `failures` counts from 0, `chance` is 0 to 1. */
export const backOff = (failures: number, chance: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** failures) * (0.5 + chance / 2);

/** Waits as long as `backOff` says, or until the browser has a network again or its reader is back. */
export function untilNextTry(failures: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      document.removeEventListener('visibilitychange', onVisible);
      resolve();
    };
    const onVisible = (): void => {
      if (!document.hidden) done();
    };
    const timer = setTimeout(done, backOff(failures, Math.random()));
    window.addEventListener('online', done);
    document.addEventListener('visibilitychange', onVisible);
  });
}

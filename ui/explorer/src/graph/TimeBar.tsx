/** Then instead of now: a slider over what happened, and an earlier instant to compare with. */
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { exact } from '@/format/time';
import { Button, IconButton } from '@/ui/Button';
import { useNow } from '@/ui/Time';
import { earlier, fromLocal, later, type Moment, toLocal } from './moments';
import styles from './TimeBar.module.css';
import type { Change } from './useView';
import type { View } from './view';

interface TimeBarProps {
  view: View;
  change: Change;
  moments: readonly Moment[];
  close: () => void;
}

const HOUR = 3_600_000;
const BACK = [
  ['an hour before', HOUR],
  ['a day before', 24 * HOUR],
  ['a week before', 7 * 24 * HOUR],
  ['30 days before', 30 * 24 * HOUR],
] as const;

/** After the last movement of the slider, in milliseconds, before the service is asked. */
const REST = 150;

export function TimeBar({ view, change, moments, close }: TimeBarProps) {
  const now = useNow();
  const first = Math.min(moments[0]?.at ?? now - 24 * HOUR, now - 60_000);
  const at = view.asOf === null ? now : Date.parse(view.asOf);
  const [slid, setSlid] = useState<number | null>(null);
  useEffect(() => {
    if (slid === null) return;
    const timer = setTimeout(() => {
      change({ asOf: slid >= now ? null : new Date(slid).toISOString() }, { replace: true });
      setSlid(null);
    }, REST);
    return () => clearTimeout(timer);
  }, [slid, now, change]);
  const shown = slid ?? at;
  const [before, after] = [earlier(moments, shown), later(moments, shown)];
  const go = (moment: Moment | undefined): void => change({ asOf: moment ? new Date(moment.at).toISOString() : null });
  const compare = (instant: string | null): void => change({ since: instant });
  return (
    <section className={styles.bar} aria-label="Time">
      <div className={styles.row}>
        <IconButton
          label={before ? `Back to ${exactly(before)}` : 'Nothing earlier'}
          disabled={!before}
          onClick={() => go(before)}
        >
          <ChevronLeft size={14} />
        </IconButton>
        <div className={styles.track}>
          <svg className={styles.ticks} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
            {moments.map((moment) => {
              const x = ((moment.at - first) / Math.max(1, now - first)) * 1000;
              return <path key={moment.at} d={`M${x} 0V10`} />;
            })}
          </svg>
          <input
            type="range"
            className={styles.range}
            min={first}
            max={now}
            value={Math.min(shown, now)}
            step={Math.max(1, Math.round((now - first) / 1000))}
            aria-label="As of"
            aria-valuetext={view.asOf === null && slid === null ? 'now' : exact(new Date(shown).toISOString())}
            onChange={(event) => setSlid(Number(event.target.value))}
          />
        </div>
        <IconButton
          label={after ? `On to ${exactly(after)}` : 'On to now'}
          disabled={view.asOf === null}
          onClick={() => go(after)}
        >
          <ChevronRight size={14} />
        </IconButton>
        <Button aria-pressed={view.asOf === null} onClick={() => change({ asOf: null })}>
          Now
        </Button>
        <IconButton label="Close, and back to now" kind="bare" onClick={close}>
          <X size={14} />
        </IconButton>
      </div>
      <div className={styles.row}>
        <label className={styles.field}>
          As of
          <input
            type="datetime-local"
            step="1"
            value={toLocal(shown)}
            onChange={(event) => {
              const asOf = fromLocal(event.target.value);
              if (asOf !== null && Date.parse(asOf) <= Date.now()) change({ asOf }, { replace: true });
            }}
          />
        </label>
        <label className={styles.field}>
          Changes since
          <select
            value={view.since === null ? '' : 'since'}
            onChange={(event) => {
              const { value } = event.target;
              if (value !== 'since') compare(value === '' ? null : new Date(at - Number(value)).toISOString());
            }}
          >
            <option value="">do not compare</option>
            {BACK.map(([text, ms]) => (
              <option key={text} value={ms}>
                {text}
              </option>
            ))}
            {before && <option value={Math.max(1, at - before.at + 1)}>just before {before.what}</option>}
            {view.since !== null && <option value="since">{exact(view.since)}</option>}
          </select>
        </label>
        {view.since !== null && (
          <input
            type="datetime-local"
            step="1"
            aria-label="Changes since, exactly"
            value={toLocal(Date.parse(view.since))}
            onChange={(event) => {
              const since = fromLocal(event.target.value);
              if (since !== null && Date.parse(since) < at) change({ since }, { replace: true });
            }}
          />
        )}
      </div>
    </section>
  );
}

const exactly = (moment: Moment): string => `${exact(new Date(moment.at).toISOString())}: ${moment.what}`;

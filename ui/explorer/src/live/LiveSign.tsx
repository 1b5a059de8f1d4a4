/** Whether what one sees is what is: a small sign in the top bar, and the way to what happened. */
import { Check, type LucideIcon, Radio, RefreshCw, WifiOff } from 'lucide-react';
import { Link } from 'wouter';
import { counted } from '@/format/numbers';
import { links } from '@/routing/links';
import styles from './LiveSign.module.css';
import type { Liveness } from './liveness';
import { useLiveness } from './useLive';

interface Look {
  icon: LucideIcon;
  tone: 'good' | 'waiting' | 'bad';
  text: string;
  title: string;
}

export function LiveSign() {
  const { icon: Icon, tone, text, title } = lookOf(useLiveness());
  return (
    <div role="status" aria-label="Connection" className={styles.sign}>
      <Link href={links.events()} className={`${styles.link} ${styles[tone]}`} title={title}>
        <Icon size={14} aria-hidden="true" />
        <span className={styles.text}>{text}</span>
      </Link>
    </div>
  );
}

function lookOf(state: Liveness): Look {
  switch (state.kind) {
    case 'live':
      return { icon: Radio, tone: 'good', text: 'Live', title: 'What happens is shown at once.' };
    case 'starting':
      return { icon: RefreshCw, tone: 'waiting', text: 'Connecting …', title: 'Not yet connected.' };
    case 'lost':
    case 'resting':
      return {
        icon: WifiOff,
        tone: 'bad',
        text: 'Reconnecting …',
        title: 'The connection is lost: what is shown may have changed since.',
      };
    case 'catching':
      return { icon: RefreshCw, tone: 'waiting', text: 'Catching up …', title: 'What was missed comes in.' };
    case 'caughtUp':
      return {
        icon: Check,
        tone: 'good',
        text: `Caught up (${counted(state.missed, 'event')} while away)`,
        title: state.anew
          ? 'So much happened, or so long ago, that everything was read anew.'
          : 'Nothing was lost; what is shown was asked for again.',
      };
    case 'refused':
      return { icon: WifiOff, tone: 'bad', text: 'Not live', title: `The service does not tell: ${state.why}` };
  }
}

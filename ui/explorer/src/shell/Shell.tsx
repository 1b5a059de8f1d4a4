/** What stands around every view: name, search, theme, and the ways to the main lists. */
import {
  Activity,
  Boxes,
  Braces,
  HelpCircle,
  History,
  ListOrdered,
  ShieldCheck,
  Waypoints,
  Webhook,
  Workflow,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { LiveSign } from '@/live/LiveSign';
import { links } from '@/routing/links';
import { IconButton } from '@/ui/Button';
import { Help } from './Help';
import { Search } from './Search';
import styles from './Shell.module.css';
import { ThemeButton } from './ThemeButton';
import { useKeys } from './useKeys';

const PLACES = [
  { text: 'Assets', href: links.assets(), icon: Boxes, under: ['/assets', '/versions', '/compare'] },
  { text: 'Workflows', href: links.workflows(), icon: Workflow, under: ['/workflows'] },
  { text: 'Runs', href: links.runs(), icon: History, under: ['/runs'] },
  { text: 'Requests', href: links.requests(), icon: ListOrdered, under: ['/requests'] },
  { text: 'Gate', href: links.gate(), icon: ShieldCheck, under: ['/gate'] },
  { text: 'Events', href: links.events(), icon: Activity, under: ['/events'] },
  { text: 'Webhooks', href: links.webhooks(), icon: Webhook, under: ['/webhooks'] },
] as const;

const within = (path: string, place: (typeof PLACES)[number]): boolean =>
  path === place.href || place.under.some((start) => path.startsWith(start));

export function Shell({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const [help, setHelp] = useState(false);
  useKeys({ '?': () => setHelp(true) });
  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={toContent}>
        Skip to the content
      </button>
      <header className={styles.top}>
        <Link href={links.assets()} className={styles.name} aria-label="Asset lineage, home">
          <Waypoints size={16} aria-hidden="true" /> <span className={styles.nameText}>Asset lineage</span>
        </Link>
        <Search />
        <div className={styles.tools}>
          <LiveSign />
          <ThemeButton />
          <IconButton label="Help and keys (?)" kind="bare" onClick={() => setHelp(true)}>
            <HelpCircle size={16} />
          </IconButton>
        </div>
      </header>
      <nav className={styles.nav} aria-label="Main">
        <ul>
          {PLACES.map((place) => (
            <li key={place.href}>
              <Link href={place.href} aria-current={within(path, place) ? 'page' : undefined}>
                <place.icon size={16} aria-hidden="true" />
                {place.text}
              </Link>
            </li>
          ))}
          <li>
            <a href="/graphql">
              <Braces size={16} aria-hidden="true" />
              GraphQL
            </a>
          </li>
        </ul>
      </nav>
      <main id="main" tabIndex={-1} className={styles.main}>
        {children}
      </main>
      <Help open={help} close={() => setHelp(false)} />
    </div>
  );
}

/** A button, since the fragment that a link would use is the address of the view. */
function toContent(): void {
  document.getElementById('main')?.focus();
}

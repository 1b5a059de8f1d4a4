import { Link } from 'wouter';
import styles from './Tabs.module.css';

export interface Tab {
  text: string;
  href: string;
  current: boolean;
}

/** The views of one thing. They are links: each has an address. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className={styles.tabs}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} className={styles.tab} aria-current={tab.current ? 'page' : undefined}>
          {tab.text}
        </Link>
      ))}
    </nav>
  );
}

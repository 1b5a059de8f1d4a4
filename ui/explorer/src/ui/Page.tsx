/** The frame of every view: breadcrumbs, a heading, facts and actions beside it, the body below. */
import { Fragment, type ReactNode, useEffect } from 'react';
import { Link } from 'wouter';
import styles from './Page.module.css';

export type Crumb = readonly [text: string, href: string];

interface PageProps {
  title: string;
  crumbs?: readonly Crumb[];
  /** Small things under the title: state, age, counts. */
  facts?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, crumbs = [], facts, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Asset lineage`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.title}>
          {crumbs.length > 0 && (
            <nav aria-label="Breadcrumbs">
              <ol className={styles.crumbs}>
                {crumbs.map(([text, href]) => (
                  <li key={href}>
                    <Link href={href}>{text}</Link>
                  </li>
                ))}
              </ol>
            </nav>
          )}
          <h1>{title}</h1>
        </div>
        {facts && <div className={styles.facts}>{facts}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** The body of a page; `padded` unless what is in it goes to the edges, as a graph or a table does. */
export function PageBody({ padded = true, children }: { padded?: boolean; children: ReactNode }) {
  return <div className={`${styles.body} ${padded ? styles.padded : ''}`}>{children}</div>;
}

/** Sections side by side as far as there is room. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={styles.columns}>{children}</div>;
}

/** A box with a heading. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <div className={styles.sectionHead}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Names and what they stand for; what is not there (null, false, empty) is left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.pairs}>
      {of.map(([name, value]) =>
        value === null || value === undefined || value === false || value === '' ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}

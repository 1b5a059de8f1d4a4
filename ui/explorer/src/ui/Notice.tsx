/** What stands where there is nothing to show: nothing yet, nothing at all, or something went wrong. */
import type { ReactNode } from 'react';
import type { ApiError } from '@/api/client';
import { Button } from './Button';
import styles from './Notice.module.css';

interface NoticeProps {
  title: string;
  children?: ReactNode;
  /** Buttons or links: the way on. */
  actions?: ReactNode;
}

/** Nothing to show, why, and the way on. */
export function Empty({ title, children, actions }: NoticeProps) {
  return (
    <div className={styles.notice}>
      <h2>{title}</h2>
      {children}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

/** An error in the service's own words, its code for the log, and another try. */
export function Failure({ error, retry, actions }: { error: ApiError; retry?: () => void; actions?: ReactNode }) {
  return (
    <div role="alert" className={styles.notice}>
      <h2>This could not be shown</h2>
      <p>{error.message}</p>
      <p>
        <code>{error.code}</code>
        {error.requestId && (
          <>
            {' '}
            · request <code>{error.requestId}</code>
          </>
        )}
      </p>
      <div className={styles.actions}>
        {retry && <Button onClick={retry}>Try again</Button>}
        {actions}
      </div>
    </div>
  );
}

/** Grey bars until the answer comes. */
export function Loading({ label, bars = 6 }: { label: string; bars?: number }) {
  return (
    <div role="status" className={styles.loading}>
      <span className="visually-hidden">Loading {label} …</span>
      {Array.from({ length: bars }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name
        <div key={index} className={styles.bar} />
      ))}
    </div>
  );
}

/** A line above what is shown that says what it leaves out. */
export function Banner({ children }: { children: ReactNode }) {
  return (
    <div role="status" className={styles.banner}>
      {children}
    </div>
  );
}

import styles from './Violations.module.css';

interface Violation {
  /** Where in the payload, a JSON pointer; '' is the payload as a whole. */
  path: string;
  message: string;
  keyword: string;
}

/** Where a payload does not fit its schema: `of` is the service's list. */
export function Violations({ of }: { of: unknown }) {
  const violations = of as readonly Violation[];
  return (
    <ul aria-label="Violations" className={styles.list}>
      {violations.map(({ path, message, keyword }) => (
        <li key={`${path} ${keyword} ${message}`}>
          <code>{path || 'the whole payload'}</code>
          <span>{message}</span>
        </li>
      ))}
    </ul>
  );
}

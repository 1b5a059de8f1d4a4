import { Link } from 'wouter';
import { INVALID } from '@/format/states';
import { links } from '@/routing/links';
import { State } from '@/ui/State';
import { nameOf } from './name';
import styles from './VersionLink.module.css';

interface VersionLinkProps {
  of: { snapshotId: string; version: number; partitionKey?: string | null; valid: boolean };
  /** Without the partition, where it is told already. */
  short?: boolean;
}

/** One version by its partition and number, marked when its payload does not fit its schema. */
export function VersionLink({ of: { snapshotId, version, partitionKey, valid }, short = false }: VersionLinkProps) {
  return (
    <span className={styles.version}>
      <Link href={links.version(snapshotId)}>{short ? `v${version}` : nameOf({ partitionKey, version })}</Link>
      {!valid && <State look={INVALID} />}
    </span>
  );
}

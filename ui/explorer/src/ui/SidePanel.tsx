import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useKeys } from '@/shell/useKeys';
import { IconButton } from './Button';
import styles from './SidePanel.module.css';

interface SidePanelProps {
  title: string;
  /** What it is called where the title alone would not tell what it is. */
  label?: string;
  close: () => void;
  children: ReactNode;
}

/** What stands beside a picture; in a narrow window a sheet at the foot. Escape closes it. */
export function SidePanel({ title, label = title, close, children }: SidePanelProps) {
  useKeys({ Escape: close });
  return (
    <aside className={styles.panel} aria-label={label}>
      <header className={styles.head}>
        <h2>{title}</h2>
        <IconButton label="Close the panel (Esc)" kind="bare" onClick={close}>
          <X size={16} />
        </IconButton>
      </header>
      {children}
    </aside>
  );
}

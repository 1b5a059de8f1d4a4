import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { IconButton } from './Button';
import styles from './Dialog.module.css';

interface DialogProps {
  title: string;
  open: boolean;
  close: () => void;
  children: ReactNode;
}

/** The browser's own modal dialog: it keeps the focus, and Escape closes it. */
export function Dialog({ title, open, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={heading} onClose={close}>
      <div className={styles.head}>
        <h2 id={heading}>{title}</h2>
        <IconButton label="Close" kind="bare" onClick={close}>
          <X size={16} />
        </IconButton>
      </div>
      <div className={styles.body}>{open && children}</div>
    </dialog>
  );
}

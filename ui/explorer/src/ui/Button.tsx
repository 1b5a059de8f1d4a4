import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  kind?: 'button' | 'primary' | 'bare';
}

export function Button({ kind = 'button', className = '', type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={`${styles[kind]} ${className}`} {...rest} />;
}

interface IconButtonProps extends ButtonProps {
  /** What it does; read out, and shown when pointed at. */
  label: string;
  children: ReactNode;
}

/** A button that shows an icon alone. */
export function IconButton({ label, className = '', ...rest }: IconButtonProps) {
  return <Button aria-label={label} title={label} className={`${styles.icon} ${className}`} {...rest} />;
}

/** Buttons of one kind, side by side; `label` says what they have in common. */
export function ButtonGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label={label} className={styles.group}>
      {children}
    </div>
  );
}

export const buttonClass = styles.button;

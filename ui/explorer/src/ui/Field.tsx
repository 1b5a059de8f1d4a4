/** Small fields above a list that say what of it is shown. */
import { SlidersHorizontal } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from './Button';
import styles from './Field.module.css';
import { useNarrow } from './useMedia';

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  /** Offered while one writes; anything else may be written too. */
  suggestions?: readonly string[];
  /** In pixels. */
  width?: number;
}

/** Milliseconds without a key after which what was written counts. */
const PAUSE = 250;

/** One line of text; it counts when one pauses, presses Enter or leaves. */
export function TextField({ label, value, onChange, placeholder, suggestions, width = 180 }: TextFieldProps) {
  const [draft, setDraft] = useState(value);
  const list = useId();
  useEffect(() => setDraft(value), [value]);
  const told = useRef(onChange);
  told.current = onChange;
  const settled = draft.trim();
  useEffect(() => {
    if (settled === value) return;
    const timer = setTimeout(() => told.current(settled), PAUSE);
    return () => clearTimeout(timer);
  }, [settled, value]);
  return (
    <>
      <input
        type="search"
        className={styles.field}
        style={{ width }}
        aria-label={label}
        placeholder={placeholder ?? label}
        value={draft}
        list={suggestions && list}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && settled !== value && onChange(settled)}
      />
      {suggestions && (
        <datalist id={list}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </>
  );
}

interface SelectProps {
  label: string;
  value: string;
  options: readonly (readonly [value: string, text: string])[];
  onChange: (value: string) => void;
}

/** One of several, the others seen when it is opened. */
export function Select({ label, value, options, onChange }: SelectProps) {
  return (
    <select
      className={`${styles.field} ${styles.select}`}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** Fields in a row above what they govern. */
export function Fields({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: they take effect at once, there is no form to send
    <div role="search" aria-label={label} className={styles.fields}>
      {children}
    </div>
  );
}

/** Further fields; in a narrow window behind a button, which tells how many of them are `set`. */
export function MoreFields({ set = 0, children }: { set?: number; children: ReactNode }) {
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  return (
    <>
      {narrow && (
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          <SlidersHorizontal size={14} aria-hidden="true" /> Filters{set > 0 && ` (${set})`}
        </Button>
      )}
      {(!narrow || open) && children}
    </>
  );
}

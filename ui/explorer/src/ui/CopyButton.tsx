import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './Button';

/** How long the tick stands, in milliseconds. */
const SHOWN = 2000;

interface CopyButtonProps {
  /** What it copies; called when it is pressed. */
  text: () => string;
  /** What that is: "Copy the asset's id". */
  label: string;
}

/** Puts a text on the clipboard and says whether that went well. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    // No clipboard at all on a plain http address that is not this machine.
    const written = navigator.clipboard?.writeText(text()) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  return (
    <>
      <IconButton label={label} kind="bare" onClick={copy}>
        {outcome === 'copied' ? <Check size={14} /> : <Copy size={14} />}
      </IconButton>
      <span role="status" className={outcome === 'refused' ? undefined : 'visually-hidden'}>
        {outcome === 'copied' && 'Copied'}
        {outcome === 'refused' && 'The browser does not allow copying here'}
      </span>
    </>
  );
}

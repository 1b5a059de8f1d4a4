import type { ReactNode } from 'react';
import { Button, ButtonGroup } from './Button';

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly (readonly [Value, ReactNode])[];
  onChange: (value: Value) => void;
}

/** One of a few, all of them seen. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <ButtonGroup label={label}>
      {options.map(([option, text]) => (
        <Button key={option} aria-pressed={option === value} onClick={() => onChange(option)}>
          {text}
        </Button>
      ))}
    </ButtonGroup>
  );
}

import { TextField } from '@/ui/Field';
import { useSlugs } from './useSlugs';

interface WorkflowFieldProps {
  /** A slug; empty for any. */
  value: string;
  onChange: (slug: string) => void;
}

/** The workflow by which a list is filtered; the slugs that there are are offered. */
export function WorkflowField({ value, onChange }: WorkflowFieldProps) {
  return (
    <TextField
      label="Workflow"
      placeholder="Any workflow"
      width={140}
      value={value}
      onChange={onChange}
      suggestions={useSlugs()}
    />
  );
}

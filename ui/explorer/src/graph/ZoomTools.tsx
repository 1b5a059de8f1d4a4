/** Nearer, further, all of it; by buttons and by keys. */
import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useKeys } from '@/shell/useKeys';
import { IconButton } from '@/ui/Button';
import styles from './ZoomTools.module.css';

/** Around what is fitted into the window: room for these tools, and for the line at the foot. */
export const MARGIN = { top: '24px', right: '64px', bottom: '84px', left: '24px' } as const;

export function ZoomTools() {
  const flow = useReactFlow();
  const nearer = (): void => void flow.zoomIn();
  const further = (): void => void flow.zoomOut();
  const fit = (): void => void flow.fitView({ padding: MARGIN, maxZoom: 1 });
  // "=" is the key of "+" without Shift on many keyboards.
  useKeys({ f: fit, '+': nearer, '=': nearer, '-': further });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div role="group" aria-label="Zoom" className={styles.tools}>
      <IconButton label="Zoom in (+)" onClick={nearer}>
        <Plus size={14} />
      </IconButton>
      <IconButton label="Zoom out (−)" onClick={further}>
        <Minus size={14} />
      </IconButton>
      <IconButton label="Fit everything into the window (f)" onClick={fit}>
        <Maximize size={14} />
      </IconButton>
    </div>
  );
}

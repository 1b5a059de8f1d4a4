import { downloadBlob, fileName } from '@/format/download';
import type { Changes } from './changes';
import { type Caption, type Measure, toSvg } from './picture';
import type { Placed } from './useLayout';

/** Pixels of the longer side that every browser draws. */
const LARGEST = 8192;

/** Gives the reader the whole picture as a file. Rejects when the browser cannot draw one that large. */
export async function savePicture(
  format: 'svg' | 'png',
  placed: Placed,
  changes: Changes | null,
  caption: Caption,
): Promise<void> {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement('span');
  document.body.append(probe);
  // A token may hold light-dark(): only a used colour is one of the two.
  const colour = (token: string): string => {
    probe.style.color = style.getPropertyValue(`--${token}`);
    return getComputedStyle(probe).color;
  };
  const svg = toSvg(placed, changes, caption, colour, measure());
  probe.remove();
  const blob = new Blob([svg], { type: 'image/svg+xml' });
  const name = `${fileName(caption.title)}.${format}`;
  downloadBlob(name, format === 'svg' ? blob : await toPng(blob));
}

function measure(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('This browser has no canvas to draw on.');
  return (text, font) => {
    context.font = font;
    return context.measureText(text).width;
  };
}

async function toPng(svg: Blob): Promise<Blob> {
  const address = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(2, LARGEST / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) =>
        blob ? resolve(blob) : reject(new Error('The picture is too large for a PNG; take the SVG.')),
      );
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

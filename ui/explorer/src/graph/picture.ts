/** The picture as a file: SVG that any drawing program opens, with words as words, and PNG made of it. */
import { counted } from '@/format/numbers';
import { SIGNS } from '@/format/shapes';
import { FRESHNESS, type Shape, type Tone } from '@/format/states';
import { type Change, type Changes, changeOf } from './changes';
import { curve } from './curves';
import { around } from './layout/bounds';
import type { Rect } from './layout/types';
import type { Card } from './model';
import type { Placed } from './useLayout';

/** Colours by the name of their token, as the page has them at the moment. */
export type Colours = (token: string) => string;

/** How wide a text is, in pixels. */
export type Measure = (text: string, font: string) => number;

export interface Caption {
  title: string;
  /** Below it: what is shown, and when it was drawn. */
  note: string;
}

const MARGIN = 24;
const HEAD = 52;
const TITLE_FONT = '600 13px sans-serif';

/** Everything, also what the window does not show. */
export function toSvg(
  placed: Placed,
  changes: Changes | null,
  caption: Caption,
  colour: Colours,
  measure: Measure,
): string {
  const places = [...Object.values(placed.layout.nodes), ...Object.values(placed.layout.boxes)];
  const bounds = around(places);
  const [left, top] = [bounds.x - MARGIN, bounds.y - MARGIN - HEAD];
  const [width, height] = [Math.max(320, bounds.width + 2 * MARGIN), bounds.height + 2 * MARGIN + HEAD];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}" font-family="system-ui, sans-serif">`,
    `<title>${escapeXml(caption.title)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${colour('ground')}"/>`,
    text(left + MARGIN, top + 28, caption.title, colour('text'), 'font-size="16" font-weight="650"'),
    text(left + MARGIN, top + 46, caption.note, colour('muted'), 'font-size="12"'),
    ...Object.values(placed.layout.boxes).map((box) => rect(box, 10, 'none', colour('line-strong'))),
    ...placed.seen.boxes.map(({ group }) => {
      const box = placed.layout.boxes[`group:${group.slug}`];
      return box ? text(box.x + 14, box.y + 22, group.name, colour('muted'), 'font-size="12" font-weight="600"') : '';
    }),
    ...lines(placed, changes, colour),
    ...placed.seen.cards.map((card) => {
      const place = placed.layout.nodes[card.id];
      return place ? drawCard(card, place, changes?.cards.get(card.id), colour, measure) : '';
    }),
    '</svg>',
  ];
  return parts.join('\n');
}

function lines(placed: Placed, changes: Changes | null, colour: Colours): string[] {
  return placed.seen.lines.map((line) => {
    const [from, to] = [placed.layout.nodes[line.source], placed.layout.nodes[line.target]];
    if (!from || !to) return '';
    const change = changes ? changeOf(line, changes.edges) : undefined;
    const { path, head } = curve(from, to);
    const stroke = colour(change ?? 'line-strong');
    const dash = change === 'gone' ? ' stroke-dasharray="6 4"' : '';
    const names = line.steps.map((step) => step.name).join(', ');
    const title = names ? `<title>${escapeXml(names)}</title>` : '';
    return `<g>${title}<path d="${path}" fill="none" stroke="${stroke}"${dash}/><path d="${head}" fill="${stroke}"/></g>`;
  });
}

function drawCard(card: Card, place: Rect, change: Change | undefined, colour: Colours, measure: Measure): string {
  const border = colour(change ?? 'line-strong');
  const ground = colour(change ? `${change}-ground` : card.kind === 'step' ? 'sunken' : 'surface');
  const { x, y } = place;
  const room = place.width - 42;
  if (card.kind === 'step') {
    const name = fit(card.fact.name, room + 14, measure);
    return `<g>${rect(place, 16, ground, border, '4 3')}${text(x + 16, y + 20, name, colour('text'), 'font-size="12"')}</g>`;
  }
  const [title, look, note] =
    card.kind === 'asset'
      ? [card.fact.assetId, FRESHNESS[card.fact.freshness.state], noteOf(card.fact)]
      : [card.group.name, FRESHNESS[card.worst], counted(card.assets, 'asset')];
  const root = card.kind === 'asset' && card.root;
  return [
    `<g><title>${escapeXml(title)}</title>`,
    rect(place, 6, ground, root ? colour('accent') : border),
    `<g transform="translate(${x + 12} ${y + 13})" color="${colour(look.tone)}">${sign(look.shape)}</g>`,
    text(x + 30, y + 23, fit(title, room, measure), colour('text'), 'font-size="13" font-weight="600"'),
    text(
      x + 30,
      y + 40,
      `${look.tone === 'none' ? '' : `${look.word} · `}${note}`,
      toneOf(look.tone, colour),
      'font-size="11.5"',
    ),
    '</g>',
  ].join('');
}

const toneOf = (tone: Tone, colour: Colours): string => colour(tone === 'none' ? 'muted' : tone);

function noteOf(fact: { latest?: { version: number; producedAt: string; valid: boolean } | null }): string {
  if (!fact.latest) return 'never produced';
  const { version, producedAt, valid } = fact.latest;
  return `v${version} · ${producedAt.slice(0, 16).replace('T', ' ')}Z${valid ? '' : ' · invalid'}`;
}

/** The end tells assets apart, so the beginning gives way. */
export function fit(name: string, room: number, measure: Measure): string {
  if (measure(name, TITLE_FONT) <= room) return name;
  let cut = 1;
  while (cut < name.length - 1 && measure(`…${name.slice(cut)}`, TITLE_FONT) > room) cut += 1;
  return `…${name.slice(cut)}`;
}

const rect = ({ x, y, width, height }: Rect, radius: number, fill: string, stroke: string, dash?: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;

const text = (x: number, y: number, words: string, fill: string, style: string): string =>
  `<text x="${x}" y="${y}" fill="${fill}" ${style}>${escapeXml(words)}</text>`;

function sign(of: Shape): string {
  const { path, filled, dash } = SIGNS[of];
  const paint = filled ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="1.7"';
  return `<path d="${path}" ${paint}${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 has no way to write. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const escapeXml = (words: string): string =>
  words.replaceAll(UNWRITABLE, '\ufffd').replaceAll(/[&<>"]/g, (sign) => ESCAPES[sign] as string);

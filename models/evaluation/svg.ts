/** Small SVG pictures by hand: no library, readable in light and in dark, with a title and a description for who cannot see them. */

export type Node = string;
type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand between tags and in attributes. Characters that XML forbids are left out. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!).replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}

export function element(name: string, attributes: Attributes, ...children: readonly Node[]): Node {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeXml(value)}"`).join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

export const round = (value: number) => String(Math.round(value * 100) / 100);

export function text(x: number, y: number, words: string, kind = '', anchor: 'start' | 'middle' | 'end' = 'start'): Node {
  return element('text', { x, y, 'text-anchor': anchor, ...(kind === '' ? {} : { class: kind }) }, escapeXml(words));
}

export const line = (x1: number, y1: number, x2: number, y2: number, kind: string) => element('line', { x1, y1, x2, y2, class: kind });

/** A line through points; nothing for none. */
export function path(points: readonly (readonly [number, number])[], kind: string): Node {
  return points.length === 0 ? '' : element('path', { d: points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(''), class: kind });
}

/** Colours by role. The model's blue and the floor's orange differ in lightness too, so that they survive grey print. */
const STYLE = `
:root { color-scheme: light dark; }
.paper { fill: #ffffff; }
text { font: 12px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.head { font-weight: 600; }
.quiet { fill: #59636e; font-size: 11px; }
.count { fill: #59636e; font-size: 9px; }
.grid { stroke: #e3e6ea; stroke-width: 1; }
.axis { stroke: #8c959f; stroke-width: 1; }
.bar { fill: #7fabec; }
.whole { fill: #4b83d6; }
.ghost { fill: #c9d3e0; }
.curve { fill: none; stroke: #2f6fcb; stroke-width: 2; stroke-linejoin: round; }
.dot { fill: #2f6fcb; stroke: #ffffff; stroke-width: 1; }
.whisker { stroke: #1f2328; stroke-width: 1.25; }
.floor { stroke: #c4560b; stroke-width: 2.5; }
.floor-line { stroke: #c4560b; stroke-width: 1.5; stroke-dasharray: 5 3; }
.floor-text { fill: #a54608; font-size: 11px; }
.base { stroke: #6e7781; stroke-width: 1.25; stroke-dasharray: 1.5 3; }
.aim { stroke: #1a7f37; stroke-width: 1.25; stroke-dasharray: 8 3; }
.aim-text { fill: #1a7f37; font-size: 11px; }
@media (prefers-color-scheme: dark) {
  .paper { fill: #0d1117; }
  text { fill: #e6edf3; }
  .quiet, .count { fill: #9aa4af; }
  .grid { stroke: #262c36; }
  .axis { stroke: #6e7681; }
  .bar { fill: #3973cf; }
  .whole { fill: #2b5cab; }
  .ghost { fill: #2f3b4d; }
  .curve { stroke: #5b9dff; }
  .dot { fill: #5b9dff; stroke: #0d1117; }
  .whisker { stroke: #e6edf3; }
  .floor, .floor-line { stroke: #f0883e; }
  .floor-text { fill: #f0a468; }
  .base { stroke: #9aa4af; }
  .aim { stroke: #56d364; }
  .aim-text { fill: #56d364; }
}`;

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What it shows and the main figures in words, for screen readers. */
  readonly description: string;
  readonly content: readonly Node[];
}

/** A whole SVG file. */
export function svgFile({ width, height, title, description, content }: Picture): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" role="img" aria-labelledby="title description">
<title id="title">${escapeXml(title)}</title>
<desc id="description">${escapeXml(description)}</desc>
<style>${STYLE}
</style>
<rect class="paper" width="100%" height="100%"/>
${content.filter((node) => node !== '').join('\n')}
</svg>
`;
}

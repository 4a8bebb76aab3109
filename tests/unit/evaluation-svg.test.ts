// @vitest-environment happy-dom
/** Plots are well-formed, carry words for who cannot see them, and let nothing of a label become markup. */
import { expect, it } from 'vitest';
import { drawPlots } from '../../models/evaluation/plots.ts';
import { element, escapeXml, svgFile, text } from '../../models/evaluation/svg.ts';
import type { Figures, Measured } from '../../models/evaluation/types.ts';

/** Every open tag is closed in order, and all text between tags is escaped. */
function expectWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, close, name, empty] of svg.replace(/<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([a-zA-Z]+)(?:\s+[a-zA-Z0-9:-]+="[^"<>]*")*\s*(\/?)>|</g)) {
    expect(name, 'a "<" that begins no tag').toBeDefined();
    if (close === '/') expect(open.pop()).toBe(name);
    else if (empty !== '/') open.push(name!);
  }
  expect(open).toEqual([]);
  expect(svg.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
  expect(svg).not.toMatch(/NaN|undefined|Infinity|null/);
}

const HOSTILE = '<script>"a" & \'b\'</script>\u0000';

it('escapes text and attributes and leaves out what XML forbids', () => {
  expect(escapeXml(HOSTILE)).toBe('&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;');
  const svg = svgFile({ width: 10, height: 10, title: HOSTILE, description: HOSTILE, content: [text(1, 2, HOSTILE), element('g', { class: HOSTILE })] });
  expectWellFormed(svg);
  expect(svg).not.toContain('<script');
});

const measuredOf = (set: string, measure: string, languages: readonly string[], value: number | null): Measured => ({
  set,
  measure,
  model: 'm@1',
  metric: 'metric',
  better: 'higher',
  drawn: 'rows',
  publishedBy: null,
  figures: languages.map((language) => ({ language, rows: 4, value, low: value, high: value, floor: language === 'all' ? 0.3 : null, published: null, bar: null })),
});

const figures = (value: number | null): Figures => ({
  format: 2,
  model: { id: 'm@1', sha256: '' },
  sample: null,
  measures: [measuredOf('genil', 'pr-auc', ['all', HOSTILE], value), measuredOf('cocoa', 'two-way', ['all', 'de'], value), measuredOf('cocoa', 'three-way', ['all', 'de'], value)],
  curves: { genil: [{ language: 'all', base: 0.1, points: [{ recall: 0.5, precision: 1 }, { recall: 1, precision: 0.5 }] }, { language: HOSTILE, base: 0, points: [] }] },
  calibration: { praise: { error: 0.1, rows: 3, bins: Array.from({ length: 10 }, (_, at) => ({ rows: at === 9 ? 3 : 0, confidence: 0.95, right: 1 })) } },
});

it.each([0.5, 0, 1, null])('draws every plot with figures of %s', (value) => {
  const plots = drawPlots(figures(value));
  expect(Object.keys(plots).sort()).toEqual(['bars-address.svg', 'bars-genil.svg', 'pr-genil.svg', 'reliability.svg']);
  for (const svg of Object.values(plots)) {
    expectWellFormed(svg);
    const picture = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
    expect(picture.getAttribute('role')).toBe('img');
    for (const id of picture.getAttribute('aria-labelledby')!.split(' ')) expect(picture.querySelector(`#${id}`)?.textContent).toMatch(/\S/);
    expect(svg).toContain('prefers-color-scheme: dark');
  }
});

it('draws a bar as high as its figure', () => {
  const heightOf = (value: number) => Number(/<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([^"]*)" class="whole"/.exec(drawPlots(figures(value))['bars-genil.svg']!)![1]);
  expect(heightOf(0.2) / heightOf(0.1)).toBeCloseTo(2, 1);
});

it('leaves out plots of sets that were not measured', () => {
  expect(drawPlots({ ...figures(0.5), measures: [], curves: {}, calibration: {} })).toEqual({});
});

/** The pictures of the report, drawn from the figures alone. */
import { HEADS } from '../../review/classifier/types.ts';
import { element, line, path, svgFile, text, type Node } from './svg.ts';
import type { Calibration } from './statistics.ts';
import type { Figure, Figures, Measured } from './types.ts';

/** A picture's file name and content. */
export type Plots = Readonly<Record<string, string>>;

/** Plots of the sets that were measured. */
export function drawPlots(figures: Figures): Plots {
  const plots: Record<string, string> = {};
  const genil = measured(figures, 'genil', 'pr-auc');
  const curves = figures.curves['genil'];
  if (genil !== undefined && curves !== undefined) {
    plots['pr-genil.svg'] = precisionRecallPlot(curves, genil);
    plots['bars-genil.svg'] = barsGenil(genil);
  }
  const [two, three] = [measured(figures, 'cocoa', 'two-way'), measured(figures, 'cocoa', 'three-way')];
  if (two !== undefined && three !== undefined) plots['bars-address.svg'] = barsAddress(two, three);
  if (Object.keys(figures.calibration).length > 0) plots['reliability.svg'] = reliabilityPlot(figures);
  return plots;
}

export function measured(figures: Figures, set: string, measure: string): Measured | undefined {
  return figures.measures.find((one) => one.set === set && one.measure === measure);
}

const MARGIN = 24;
const number = (value: number | null) => (value === null ? '–' : value.toFixed(3).replace(/^0/, ''));
const inWords = (figures: readonly Figure[]) => figures.map(({ language, value }) => `${language} ${number(value)}`).join(', ');

/** Positions on a stretch of the picture for values from `from` to `to`; values outside are put on its ends. */
const scale = (from: number, to: number, start: number, end: number) => (value: number) => start + ((Math.min(Math.max(value, Math.min(from, to)), Math.max(from, to)) - from) / (to - from)) * (end - start);

interface LegendEntry {
  readonly kind: 'curve' | 'bar' | 'floor' | 'floor-line' | 'base' | 'aim' | 'dot' | 'ghost' | 'whisker';
  readonly words: string;
}

const SWATCH = 22;
/** Rough width of 12 px text: enough to lay a legend out. */
const widthOf = (words: string) => words.length * 6.3;

function legend(x: number, y: number, entries: readonly LegendEntry[]): Node[] {
  let at = x;
  return entries.flatMap(({ kind, words }) => {
    const here = at;
    at += SWATCH + 6 + widthOf(words) + 18;
    const swatch =
      kind === 'bar' || kind === 'ghost'
        ? element('rect', { x: here, y: y - 10, width: SWATCH, height: 10, class: kind })
        : kind === 'dot'
          ? element('circle', { cx: here + SWATCH / 2, cy: y - 4, r: 4.5, class: kind })
          : line(here, y - 4, here + SWATCH, y - 4, kind);
    return [swatch, text(here + SWATCH + 6, y, words)];
  });
}

// --- Precision and recall, a panel for each language

const PANEL = { width: 168, height: 150, gapX: 34, gapY: 56, columns: 5, top: 112 };

interface Panel {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly frame: readonly Node[];
}

/** An empty square from 0 to 1 both ways. */
function panel(at: number, columns: number, heading: string, subheading: string, size = PANEL): Panel {
  const left = MARGIN + 22 + (at % columns) * (size.width + size.gapX);
  const top = size.top + Math.floor(at / columns) * (size.height + size.gapY);
  const x = scale(0, 1, left, left + size.width);
  const y = scale(0, 1, top + size.height, top);
  const frame = [0, 0.5, 1].flatMap((tick) => [
    line(x(0), y(tick), x(1), y(tick), tick === 0 ? 'axis' : 'grid'),
    line(x(tick), y(0), x(tick), y(1), tick === 0 ? 'axis' : 'grid'),
    text(x(0) - 5, y(tick) + 4, String(tick), 'quiet', 'end'),
    text(x(tick), y(0) + 14, String(tick), 'quiet', 'middle'),
  ]);
  return { x, y, frame: [text(left, top - 22, heading, 'head'), text(left, top - 8, subheading, 'quiet'), ...frame] };
}

function precisionRecallPlot(curves: NonNullable<Figures['curves'][string]>, genil: Measured): string {
  const panels = curves.flatMap(({ language, base, points }, at) => {
    const figure = genil.figures.find((one) => one.language === language);
    const { x, y, frame } = panel(at, PANEL.columns, language === 'all' ? 'all languages' : language, `${number(figure?.value ?? null)} on ${figure?.rows ?? 0} rows`);
    const floor = figure?.floor ?? null;
    return [
      ...frame,
      line(x(0), y(base), x(1), y(base), 'base'),
      ...(floor === null ? [] : [line(x(0), y(floor), x(1), y(floor), 'floor-line'), text(x(1), y(floor) - 4, `floor ${number(floor)}`, 'floor-text', 'end')]),
      path([...(points[0] === undefined ? [] : [[x(0), y(points[0].precision)] as const]), ...points.map(({ recall, precision }) => [x(recall), y(precision)] as const)], 'curve'),
    ];
  });
  const rows = Math.ceil(curves.length / PANEL.columns);
  const width = MARGIN * 2 + 10 + PANEL.columns * (PANEL.width + PANEL.gapX);
  return svgFile({
    width,
    height: PANEL.top + rows * (PANEL.height + PANEL.gapY) - 10,
    title: 'Precision and recall on generalisations (GeniL dev)',
    description: `One panel for each language, recall across, precision up. Area under the curve: ${inWords(genil.figures)}.`,
    content: [
      text(MARGIN, 30, 'Generalisations: precision (up) by recall (across), GeniL dev', 'title'),
      ...legend(MARGIN, 54, [
        { kind: 'curve', words: 'this model; its area in each panel’s heading' },
        { kind: 'floor-line', words: 'mean precision of the n-gram floor' },
        { kind: 'base', words: 'share of generalising rows (guessing)' },
      ]),
      ...panels,
    ],
  });
}

// --- Bars and dots by language

const PLOT = { left: 62, width: 760, height: 270, top: 84, bottom: 40 };

/** Values up, languages across: grid, ticks and the names of the languages. */
function axes(figures: readonly Figure[], from: number, to: number, step: number, top: number, height: number) {
  const y = scale(from, to, top + height, top);
  const each = PLOT.width / figures.length;
  const centre = (at: number) => PLOT.left + each * (at + 0.5);
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, at) => from + at * step);
  const frame = [
    ...ticks.flatMap((tick, at) => [line(PLOT.left, y(tick), PLOT.left + PLOT.width, y(tick), at === 0 ? 'axis' : 'grid'), text(PLOT.left - 8, y(tick) + 4, tick.toFixed(2).replace(/^0/, ''), 'quiet', 'end')]),
    ...figures.map(({ language }, at) => text(centre(at), top + height + 18, language, language === 'all' ? 'head' : '', 'middle')),
  ];
  return { y, each, centre, frame };
}

function whisker(x: number, y: (value: number) => number, { low, high }: Figure): Node[] {
  if (low === null || high === null) return [];
  return [line(x, y(low), x, y(high), 'whisker'), line(x - 5, y(low), x + 5, y(low), 'whisker'), line(x - 5, y(high), x + 5, y(high), 'whisker')];
}

const floorTick = (x: number, y: (value: number) => number, half: number, { floor }: Figure): Node[] => (floor === null ? [] : [line(x - half, y(floor), x + half, y(floor), 'floor')]);

const aimLine = (y: (value: number) => number, value: number | null, words: string): Node[] =>
  value === null ? [] : [line(PLOT.left, y(value), PLOT.left + PLOT.width, y(value), 'aim'), text(PLOT.left + PLOT.width + 6, y(value) + 4, words, 'aim-text')];

function barsGenil(genil: Measured): string {
  const top = Math.ceil(Math.max(...genil.figures.flatMap(({ value, high, floor, published }) => [value ?? 0, high ?? 0, floor ?? 0, published ?? 0])) * 10) / 10;
  const { y, each, centre, frame } = axes(genil.figures, 0, top, 0.1, PLOT.top, PLOT.height);
  const whole = genil.figures[0]!;
  return svgFile({
    width: PLOT.left + PLOT.width + 110,
    height: PLOT.top + PLOT.height + PLOT.bottom,
    title: 'Area under the precision-recall curve on generalisations, by language (GeniL dev)',
    description: `Bars with 95 % intervals: ${inWords(genil.figures)}. Floor of a character n-gram model: ${genil.figures.map(({ language, floor }) => `${language} ${number(floor)}`).join(', ')}. Published for all: ${number(whole.published)}.`,
    content: [
      text(MARGIN, 30, 'Generalisations: area under the precision-recall curve, GeniL dev', 'title'),
      ...legend(MARGIN, 54, [
        { kind: 'bar', words: 'this model' },
        { kind: 'whisker', words: '95 % interval' },
        { kind: 'floor', words: 'character n-grams' },
      ]),
      ...frame,
      ...genil.figures.flatMap((figure, at) => {
        const half = each * 0.3;
        const bar = figure.value === null ? [] : [element('rect', { x: centre(at) - half, y: y(figure.value), width: half * 2, height: y(0) - y(figure.value), class: figure.language === 'all' ? 'whole' : 'bar' })];
        return [...bar, ...floorTick(centre(at), y, half + 5, figure), ...whisker(centre(at), y, figure)];
      }),
      ...aimLine(y, whole.bar, `bar ${number(whole.bar)}`),
      ...aimLine(y, whole.published, `published ${number(whole.published)}`),
    ],
  });
}

/** Dots and not bars: the figures lie near 1, so the axis does not begin at 0. */
function dots(measuredFigures: Measured, heading: string, top: number, height: number): Node[] {
  const { figures } = measuredFigures;
  const lowest = Math.min(...figures.flatMap(({ value, low, floor }) => [value ?? 1, low ?? 1, floor ?? 1]));
  const from = Math.min(0.95, Math.floor(lowest * 20) / 20);
  const { y, centre, frame } = axes(figures, from, 1, from < 0.8 ? 0.1 : 0.05, top, height);
  const whole = figures[0]!;
  return [
    text(PLOT.left, top - 12, `${heading} (axis from ${number(from)})`, 'head'),
    ...frame,
    ...aimLine(y, whole.bar, `bar ${number(whole.bar)}`),
    ...figures.flatMap((figure, at) => [
      ...floorTick(centre(at), y, 14, figure),
      ...whisker(centre(at), y, figure),
      ...(figure.value === null ? [] : [element('circle', { cx: centre(at), cy: y(figure.value), r: 4.5, class: 'dot' })]),
    ]),
  ];
}

function barsAddress(two: Measured, three: Measured): string {
  const height = 190;
  const second = PLOT.top + 20 + height + 80;
  return svgFile({
    width: PLOT.left + PLOT.width + 110,
    height: second + height + PLOT.bottom,
    title: 'Form of address, by language',
    description: `Accuracy of formal against informal: ${inWords(two.figures)}. Macro-F1 of informal, formal and none: ${inWords(three.figures)}.`,
    content: [
      text(MARGIN, 30, 'Form of address by language', 'title'),
      ...legend(MARGIN, 54, [
        { kind: 'dot', words: 'this model' },
        { kind: 'whisker', words: '95 % interval' },
        { kind: 'floor', words: 'character n-grams' },
      ]),
      ...dots(two, 'Formal against informal, accuracy', PLOT.top + 20, height),
      ...dots(three, 'Informal, formal or none, macro-F1', second, height),
    ],
  });
}

// --- Reliability, a panel for each head

/** How high the fullest bin's bar stands. */
const BAR_SHARE = 0.4;
/** A count that fits over a narrow bar: 940, 5.6k. */
const brief = (count: number) => (count < 1000 ? String(count) : `${(count / 1000).toFixed(1)}k`);
const RELIABILITY = { ...PANEL, width: 178, height: 178, columns: 4 };

function reliabilityPlot({ calibration }: Figures): string {
  const heads = HEADS.flatMap((head) => (calibration[head] === undefined ? [] : [[head, calibration[head]] as const]));
  const panels = heads.flatMap(([head, { error, rows, bins }], at) => {
    const { x, y, frame } = panel(at, RELIABILITY.columns, head, `error ${number(error)} on ${rows} rows`, RELIABILITY);
    const most = Math.max(...bins.map((bin) => bin.rows));
    return [
      ...bins.flatMap((bin, place) => {
        const top = (BAR_SHARE * bin.rows) / most;
        return bin.rows === 0
          ? []
          : [element('rect', { x: x(place / 10) + 1, y: y(top), width: x(0.1) - x(0) - 2, height: y(0) - y(top), class: 'ghost' }), text((x(place / 10) + x((place + 1) / 10)) / 2, y(top) - 2, brief(bin.rows), 'count', 'middle')];
      }),
      ...frame,
      line(x(0), y(0), x(1), y(1), 'base'),
      path(bins.filter((bin) => bin.rows > 0).map((bin) => [x(bin.confidence), y(bin.right)]), 'curve'),
      ...bins.flatMap((bin) => (bin.rows === 0 ? [] : [element('circle', { cx: x(bin.confidence), cy: y(bin.right), r: 2 + 3 * Math.sqrt(bin.rows / most), class: 'dot' }, element('title', {}, `${bin.rows} rows: confidence ${number(bin.confidence)}, right ${number(bin.right)}`))])),
    ];
  });
  const rowsOfPanels = Math.ceil(heads.length / RELIABILITY.columns);
  const words = (head: string, { error, rows }: Calibration) => `${head} ${number(error)} on ${rows} rows`;
  return svgFile({
    width: MARGIN * 2 + 10 + RELIABILITY.columns * (RELIABILITY.width + RELIABILITY.gapX),
    height: RELIABILITY.top + rowsOfPanels * (RELIABILITY.height + RELIABILITY.gapY) - 10,
    title: 'Reliability of each head',
    description: `Share that was right by confidence, in ten bins. Expected calibration error: ${heads.map(([head, value]) => words(head, value)).join(', ')}.`,
    content: [
      text(MARGIN, 30, 'Reliability: share that was right (up) by confidence (across)', 'title'),
      ...legend(MARGIN, 54, [
        { kind: 'curve', words: 'this model, ten bins; larger dots hold more rows' },
        { kind: 'base', words: 'perfectly calibrated' },
        { kind: 'ghost', words: 'rows in the bin' },
      ]),
      ...panels,
    ],
  });
}

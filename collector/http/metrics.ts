/** Counters and histograms in Prometheus' text format 0.0.4. Labels come from closed sets: routes, methods, outcomes. */

type Labels = Readonly<Record<string, string>>;

/** Seconds, for durations of requests. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10] as const;

interface Histogram {
  counts: number[];
  sum: number;
  count: number;
}

export interface Metrics {
  count: (name: string, labels?: Labels, by?: number) => void;
  observe: (name: string, seconds: number, labels?: Labels) => void;
  /** @param gauges read at this moment */
  text: (gauges: Readonly<Record<string, number>>) => string;
}

const escape = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
const format = (labels: Labels) => {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
};

export function makeMetrics(help: Readonly<Record<string, string>>): Metrics {
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, { labels: Labels; data: Histogram }>>();
  return {
    count: (name, labels = {}, by = 1) => {
      const series = counters.get(name) ?? new Map<string, number>();
      counters.set(name, series);
      const key = format(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    observe: (name, seconds, labels = {}) => {
      const series = histograms.get(name) ?? new Map<string, { labels: Labels; data: Histogram }>();
      histograms.set(name, series);
      const key = format(labels);
      const { data } = series.get(key) ?? { data: { counts: BUCKETS.map(() => 0), sum: 0, count: 0 } };
      series.set(key, { labels, data });
      BUCKETS.forEach((bound, index) => {
        if (seconds <= bound) data.counts[index]!++;
      });
      data.sum += seconds;
      data.count++;
    },
    text: (gauges) => {
      const lines: string[] = [];
      const head = (name: string, type: string) => lines.push(`# HELP ${name} ${help[name] ?? name}`, `# TYPE ${name} ${type}`);
      for (const [name, series] of counters) {
        head(name, 'counter');
        for (const [labels, value] of series) lines.push(`${name}${labels} ${value}`);
      }
      for (const [name, series] of histograms) {
        head(name, 'histogram');
        for (const { labels, data } of series.values()) {
          BUCKETS.forEach((bound, index) => lines.push(`${name}_bucket${format({ ...labels, le: `${bound}` })} ${data.counts[index]}`));
          lines.push(`${name}_bucket${format({ ...labels, le: '+Inf' })} ${data.count}`, `${name}_sum${format(labels)} ${data.sum}`, `${name}_count${format(labels)} ${data.count}`);
        }
      }
      for (const [name, value] of Object.entries(gauges)) {
        head(name, 'gauge');
        lines.push(`${name} ${value}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

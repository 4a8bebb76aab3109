/** Whose code keeps a page's main thread busy: Chromium's own trace, read by process and by the address of each function. */
import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  /** Wall-clock time, microseconds. */
  readonly dur?: number;
  /** Time on the processor: what the work costs, whatever else the machine does. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly url?: string } };
}

export interface PageTasks {
  /** The longest task of the page's main thread. All times are processor time. */
  readonly longestMs: number;
  /** The largest share that code of the extension has in one task. */
  readonly longestOursMs: number;
  /** All time that code of the extension took. */
  readonly oursMs: number;
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'];
const MARK = 'attune-trace';
const MICROSECONDS = 1000;

/** Runs `work` and tells what the page's main thread did meanwhile. */
export async function traceTasks(page: Page, work: () => Promise<unknown>): Promise<PageTasks> {
  const cdp = (await page.context().browser()?.newBrowserCDPSession()) as CDPSession;
  const events: TraceEvent[] = [];
  cdp.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) events.push(event as unknown as TraceEvent);
  });
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: CATEGORIES } });
  await page.evaluate((mark) => performance.mark(mark), MARK);
  await work();
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;
  await cdp.detach();
  return pageTasks(events);
}

/** The page's thread is the one on which the mark was set; pages of the extension run in processes of their own. */
export function pageTasks(events: readonly TraceEvent[]): PageTasks {
  const marked = events.find(({ name }) => name === MARK);
  if (!marked) throw new Error('The trace does not show the page.');
  const thread = events
    .filter(({ pid, tid, ph, dur }) => pid === marked.pid && tid === marked.tid && ph === 'X' && dur !== undefined)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));

  let longest = 0;
  let longestOurs = 0;
  let ours = 0;
  let taskEnd = -Infinity;
  let oursInTask = 0;
  let oursEnd = -Infinity;
  for (const { name, ts, dur = 0, tdur = dur, args } of thread) {
    if (ts >= taskEnd && /RunTask$/.test(name)) {
      taskEnd = ts + dur;
      oursInTask = 0;
      longest = Math.max(longest, tdur);
    }
    // What one of our functions calls is part of it already.
    if (ts < oursEnd || !args?.data?.url?.startsWith('chrome-extension://')) continue;
    oursEnd = ts + dur;
    ours += tdur;
    oursInTask += tdur;
    longestOurs = Math.max(longestOurs, oursInTask);
  }
  return { longestMs: longest / MICROSECONDS, longestOursMs: longestOurs / MICROSECONDS, oursMs: ours / MICROSECONDS };
}

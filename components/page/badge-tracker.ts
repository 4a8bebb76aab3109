/**
 * Keeps badges beside their answers. One rAF callback moves all of them, scheduled only by what can move an answer (scrolling, resizing,
 * a new size of an answer) and by a slow clock for what cannot be observed; with no badge in view it does nothing.
 */
import { badgePosition, scrollersOf, visibleBox, type Box } from './badge-position.ts';

interface Tracked {
  readonly answer: Element;
  readonly badge: HTMLElement;
  readonly scrollers: readonly Element[];
  /** Of the answer, not of our UI: the badge goes where its lines end. */
  readonly direction: 'ltr' | 'rtl';
  inView: boolean;
}

export interface BadgeTracker {
  add(answer: Element, badge: HTMLElement): () => void;
  stop(): void;
}

/** For layout shifts that no observer reports (fonts, images, a side bar that slides). */
const SLOW_CLOCK_MS = 500;

export function createBadgeTracker(host: Element): BadgeTracker {
  const tracked = new Set<Tracked>();
  const teardown = new AbortController();
  let frame = 0;

  const sizes = new ResizeObserver(schedule);
  const views = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      for (const item of tracked) if (item.answer === entry.target) item.inView = entry.isIntersecting;
    }
    schedule();
  });
  window.addEventListener('scroll', schedule, { capture: true, passive: true, signal: teardown.signal });
  window.addEventListener('resize', schedule, { passive: true, signal: teardown.signal });
  const clock = setInterval(() => {
    if (!document.hidden) schedule();
  }, SLOW_CLOCK_MS);

  function schedule(): void {
    if (frame !== 0 || tracked.size === 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      place();
    });
  }

  function place(): void {
    const viewport: Box = { left: 0, top: 0, right: document.documentElement.clientWidth, bottom: window.innerHeight };
    // All reading before all writing: one layout, however many badges.
    const moves = [...tracked].map((item) => ({ item, at: item.inView ? positionOf(item, viewport) : null }));
    for (const { item, at } of moves) {
      if (at) {
        item.badge.style.transform = `translate(${Math.round(at.x)}px, ${Math.round(at.y)}px)`;
        item.badge.dataset['placed'] = '';
      } else {
        delete item.badge.dataset['placed'];
      }
    }
  }

  function positionOf(item: Tracked, viewport: Box): { x: number; y: number } | null {
    if (!item.answer.isConnected) return null;
    const size = { width: item.badge.offsetWidth, height: item.badge.offsetHeight };
    const at = badgePosition(item.answer.getBoundingClientRect(), visibleBox(item.scrollers, viewport), size, item.direction);
    if (!at) return null;
    return isCovered(item.answer, at.x + size.width / 2, at.y + size.height / 2) ? null : at;
  }

  /** Behind the page's header, composer or a dialog, the badge hides like the answer does. */
  function isCovered(answer: Element, x: number, y: number): boolean {
    const top = document.elementsFromPoint(x, y).find((element) => element !== host);
    if (!top) return true;
    return !top.contains(answer) && !answer.contains(top) && !sharesScroller(top, answer);
  }

  function sharesScroller(top: Element, answer: Element): boolean {
    // Something else of the same conversation (a neighbouring button) does not cover; a fixed layer does.
    const near = answer.parentElement?.parentElement;
    return near !== null && near !== undefined && near !== document.body && near.contains(top);
  }

  return {
    add(answer, badge) {
      const direction = getComputedStyle(answer).direction === 'rtl' ? 'rtl' : 'ltr';
      const item: Tracked = { answer, badge, scrollers: scrollersOf(answer), direction, inView: false };
      tracked.add(item);
      sizes.observe(answer);
      views.observe(answer);
      schedule();
      return () => {
        tracked.delete(item);
        if (![...tracked].some((other) => other.answer === answer)) {
          sizes.unobserve(answer);
          views.unobserve(answer);
        }
      };
    },
    stop() {
      teardown.abort();
      clearInterval(clock);
      cancelAnimationFrame(frame);
      sizes.disconnect();
      views.disconnect();
      tracked.clear();
    },
  };
}

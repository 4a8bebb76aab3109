/** "Review selection" on a page without a chat: one selection, the same marks and popover, nothing that stays behind. */
import { browser } from 'wxt/browser';
import type { AnswerView } from '../chat/session.ts';
import { backgroundInference } from './background-client.ts';
import { message } from './i18n.ts';
import { MarkUi } from './mark-ui.ts';
import { pageRequestSchema, TAKEN } from './messages.ts';
import { SelectionReview } from './selection-review.ts';
import { audienceFor, readSettings, watchSettings } from './storage.ts';

export async function startSelection(signal: AbortSignal): Promise<void> {
  let settings = await readSettings();
  if (signal.aborted) return;
  const ui = new MarkUi(
    {
      marksAt: (x, y) => selection.marksAt(x, y),
      setActive: (mark) => selection.setActive(mark),
      scrollTo: (mark) => selection.scrollTo(mark),
      insert: () => false,
      canInsert: () => false,
      hasPanel: false,
      site: null,
      audience: () => audienceFor(settings, null),
      locale: () => audienceFor(settings, null)?.locale ?? null,
    },
    signal,
  );
  const selection: SelectionReview = new SelectionReview({
    client: backgroundInference(),
    ui: () => ui,
    settings: () => settings,
    signal,
    onChange: (view: AnswerView | null) => ui.setAnswers(view ? [view] : []),
  });

  /** The next click in the menu finds this script at work. */
  const onMessage = (raw: unknown, _sender: unknown, respond: (reply: unknown) => void): undefined => {
    const parsed = pageRequestSchema.safeParse(raw);
    if (!parsed.success) return;
    respond(TAKEN);
    if (parsed.data.type === 'next-mark') ui.step(1);
    else if (parsed.data.type === 'missed') {
      const range = getSelection()?.getRangeAt(0);
      if (!range || !ui.reportMissed(range)) ui.notice(message('page.missedNowhere'), { problem: true });
    } else void selection.run();
  };
  browser.runtime.onMessage.addListener(onMessage);
  const stop = watchSettings((changed) => {
    settings = changed;
    selection.refresh();
  });
  signal.addEventListener(
    'abort',
    () => {
      stop();
      browser.runtime?.onMessage?.removeListener(onMessage);
    },
    { once: true },
  );
  await selection.run();
}

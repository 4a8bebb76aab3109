import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { message, uiDirection, uiLanguage } from '../../extension/i18n.ts';
import type { PageActions } from './actions.ts';
import { Badge } from './Badge.tsx';
import { createBadgeTracker } from './badge-tracker.ts';
import { Popover } from './Popover.tsx';
import { allMarks, sameMark, type Notice, type PageState, type Store } from './store.ts';

interface PageUiProps {
  readonly store: Store<PageState>;
  readonly actions: PageActions;
  readonly host: Element;
}

/** How long a notice with an "Undo" stays; long enough to reach it by keyboard. */
const NOTICE_MS = 12_000;

/** All of Attune's UI on a page: badges, one popover, one notice. */
export function PageUi({ store, actions, host }: PageUiProps): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const tracker = useMemo(() => createBadgeTracker(host), [host]);
  useEffect(() => () => tracker.stop(), [tracker]);
  const marks = allMarks(state.answers);
  const open = state.open?.mark ?? null;
  const openIn = open ? state.answers.find(({ key }) => key === open.answerKey) : undefined;

  return (
    <div className="attune-root" data-theme={state.theme} dir={uiDirection()} lang={uiLanguage()}>
      {state.answers.map((answer) => (
        <Badge key={answer.key} answer={answer} tracker={tracker} expanded={openIn?.key === answer.key} actions={actions} />
      ))}
      {open && openIn && (
        <Popover
          key={`${open.answerKey} ${open.finding.rule} ${open.finding.start}`}
          mark={open}
          element={openIn.element}
          language={openIn.state.type === 'reviewed' ? openIn.state.review.language : undefined}
          index={Math.max(0, marks.findIndex((mark) => sameMark(mark, open)))}
          total={marks.length}
          locale={state.locale}
          canInsert={state.canInsert}
          actions={actions}
        />
      )}
      <NoticeBar notice={state.notice} onGone={() => actions.dismissNotice()} />
      <div role="status" className="visually-hidden">
        {state.announcement}
      </div>
    </div>
  );
}

function NoticeBar({ notice, onGone }: { notice: Notice | null; onGone: () => void }): ReactNode {
  useEffect(() => {
    if (!notice) return undefined;
    const timer = setTimeout(onGone, NOTICE_MS);
    return () => clearTimeout(timer);
    // A new notice starts a new time; a new `onGone` does not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [notice]);
  return (
    <div role="status" className={notice ? (notice.problem ? 'notice problem' : 'notice') : 'visually-hidden'} data-attune="notice">
      {notice && (
        <>
          <span>{notice.text}</span>
          {notice.undo && (
            <button
              type="button"
              className="btn"
              data-attune="undo"
              onClick={() => {
                notice.undo?.();
                onGone();
              }}
            >
              {message('common.undo')}
            </button>
          )}
          <button type="button" className="btn quiet" onClick={onGone}>
            {message('common.close')}
          </button>
        </>
      )}
    </div>
  );
}

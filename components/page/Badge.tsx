import { useLayoutEffect, useRef, type ReactNode } from 'react';
import type { AnswerView } from '../../chat/session.ts';
import { message, plural, uiLanguage } from '../../extension/i18n.ts';
import { ForkIcon, WarnIcon } from '../icons.tsx';
import type { PageActions } from './actions.ts';
import type { BadgeTracker } from './badge-tracker.ts';

/** What one answer's badge shows. Nothing at all is the usual case: silence is a good answer. */
export type BadgeLook = 'none' | 'reviewing' | 'failed' | 'marks';

export function badgeLook(answer: Pick<AnswerView, 'state' | 'marks'>): BadgeLook {
  if (answer.marks.length > 0) return 'marks';
  if (answer.state.type === 'reviewing') return 'reviewing';
  return answer.state.type === 'failed' ? 'failed' : 'none';
}

interface BadgeProps {
  readonly answer: AnswerView;
  readonly tracker: BadgeTracker;
  readonly expanded: boolean;
  readonly actions: PageActions;
}

export function Badge({ answer, tracker, expanded, actions }: BadgeProps): ReactNode {
  const ref = useRef<HTMLElement | null>(null);
  const look = badgeLook(answer);
  useLayoutEffect(() => (ref.current ? tracker.add(answer.element, ref.current) : undefined), [tracker, answer.element, look, answer.marks.length]);
  const setRef = (element: HTMLElement | null): void => {
    ref.current = element;
  };

  switch (look) {
    case 'none':
      return null;
    case 'reviewing':
      return <span ref={setRef} className="badge reviewing" data-attune="reviewing" aria-hidden="true" />;
    case 'failed':
      return (
        <button ref={setRef} type="button" className="badge failed" data-attune="badge" data-state="failed" aria-label={message('badge.failed')} title={message('badge.failed')} onClick={() => actions.retry(answer)}>
          <WarnIcon />
        </button>
      );
    case 'marks': {
      const first = answer.marks[0];
      const name = plural('badge.marks', answer.marks.length);
      return (
        <button
          ref={setRef}
          type="button"
          className="badge"
          data-attune="badge"
          data-state="marks"
          aria-haspopup="dialog"
          aria-expanded={expanded}
          aria-label={name}
          title={name}
          onClick={(event) => {
            if (expanded) actions.close();
            else if (first) actions.open(first, event.currentTarget);
          }}
        >
          <ForkIcon />
          <span aria-hidden="true">{new Intl.NumberFormat(uiLanguage()).format(answer.marks.length)}</span>
        </button>
      );
    }
  }
}

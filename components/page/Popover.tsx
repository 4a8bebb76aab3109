import { autoUpdate, computePosition, flip, offset, shift, size } from '@floating-ui/dom';
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Mark } from '../../chat/session.ts';
import { message } from '../../extension/i18n.ts';
import { familyOf } from '../../review/types.ts';
import { FindingDetails } from '../FindingDetails.tsx';
import { CloseIcon, NextIcon, PreviousIcon } from '../icons.tsx';
import { kindName } from '../words.ts';
import type { PageActions } from './actions.ts';

interface PopoverProps {
  readonly mark: Mark;
  /** The answer the mark is in; where it is, the popover is. */
  readonly element: Element;
  readonly language: string | undefined;
  readonly index: number;
  readonly total: number;
  readonly locale: string | null;
  readonly canInsert: boolean;
  readonly actions: PageActions;
}

const EDGE = 8;

type Done = 'copied' | 'inserted' | 'copyFailed' | 'insertFailed';

/** The explanation of one mark. In the top layer, so that no page can cover it; a dialog that takes focus but does not trap it. */
export function Popover({ mark, element, language, index, total, locale, canInsert, actions }: PopoverProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null);
  const title = useId();
  const { finding } = mark;
  const [done, setDone] = useState<Done | null>(null);

  useLayoutEffect(() => {
    const popover = ref.current;
    if (!popover) return undefined;
    if (!popover.matches(':popover-open')) popover.showPopover();
    const reference = {
      contextElement: element,
      getBoundingClientRect: () => rectOf(mark.range, element),
      getClientRects: () => mark.range.getClientRects(),
    };
    return autoUpdate(reference, popover, () => {
      void computePosition(reference, popover, {
        strategy: 'fixed',
        placement: 'bottom-start',
        middleware: [
          offset(EDGE),
          flip({ padding: EDGE, fallbackStrategy: 'bestFit' }),
          size({
            padding: EDGE,
            apply: ({ availableHeight }) => {
              popover.style.maxHeight = `${Math.min(620, Math.max(160, availableHeight))}px`;
            },
          }),
          shift({ padding: EDGE, crossAxis: true }),
        ],
      }).then(({ x, y }) => {
        popover.style.left = `${x}px`;
        popover.style.top = `${y}px`;
      });
    });
  }, [mark, element]);

  useEffect(() => {
    ref.current?.focus({ preventScroll: true });
    ref.current?.scrollTo({ top: 0 });
  }, [mark]);

  function onKeyDown(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.tagName === 'TEXTAREA' || event.altKey || event.ctrlKey || event.metaKey) return;
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === forward) actions.step(1);
    else if (event.key === back) actions.step(-1);
    else return;
    event.preventDefault();
  }

  const prompt = actions.promptFor(mark);
  return (
    <div ref={ref} popover="manual" role="dialog" aria-labelledby={title} tabIndex={-1} className={`popover family-${familyOf(finding.kind)}`} data-attune="popover" data-kind={finding.kind} onKeyDown={onKeyDown}>
      <div className="popover-head">
        <h2 id={title}>{message('popover.title', { kind: kindName(finding.kind) })}</h2>
        {total > 1 && (
          <>
            <span className="position">{message('popover.position', { index: index + 1, total })}</span>
            <button type="button" className="btn icon" data-attune="previous" aria-label={message('popover.previous')} title={message('popover.previous')} onClick={() => actions.step(-1)}>
              <PreviousIcon />
            </button>
            <button type="button" className="btn icon" data-attune="next" aria-label={message('popover.next')} title={message('popover.next')} onClick={() => actions.step(1)}>
              <NextIcon />
            </button>
          </>
        )}
        <button type="button" className="btn icon" data-attune="close" aria-label={message('common.close')} title={message('common.close')} onClick={() => actions.close()}>
          <CloseIcon />
        </button>
      </div>
      <div className="popover-body finding">
        <FindingDetails finding={finding} locale={locale} language={language}>
          <div className="actions">
            {canInsert && (
              <button type="button" className="btn primary" data-attune="insert" onClick={() => setDone(actions.insert(prompt) ? 'inserted' : 'insertFailed')}>
                {message('popover.insert')}
              </button>
            )}
            <button type="button" className={canInsert ? 'btn' : 'btn primary'} data-attune="copy" onClick={() => void actions.copy(prompt).then((ok) => setDone(ok ? 'copied' : 'copyFailed'))}>
              {message('popover.copy')}
            </button>
          </div>
          <p role="status" className={done ? undefined : 'visually-hidden'} data-attune="status">
            {done && message(`popover.${done}`)}
          </p>
          {done === 'copyFailed' && <textarea className="prompt-text" readOnly dir="auto" value={prompt} aria-label={message('popover.copy')} onFocus={(event) => event.currentTarget.select()} />}
        </FindingDetails>
      </div>
      <div className="popover-foot">
        <button type="button" className="btn quiet" data-attune="dismiss" onClick={() => actions.dismiss(finding)}>
          {message('popover.dismiss')}
        </button>
        <button type="button" className="btn quiet" data-attune="mute" onClick={() => actions.mute(finding)}>
          {message('popover.mute')}
        </button>
        {actions.feedback && (
          <button type="button" className="btn quiet" data-attune="feedback" onClick={() => actions.feedback?.(mark)}>
            {message('popover.feedback')}
          </button>
        )}
        {actions.rate && (
          <button type="button" className="btn quiet" data-attune="rate" onClick={() => actions.rate?.(mark.answerKey)}>
            {message('popover.rate')}
          </button>
        )}
        {actions.openPanel && (
          <button type="button" className="btn quiet" data-attune="panel" onClick={actions.openPanel}>
            {message('popover.panel')}
          </button>
        )}
      </div>
    </div>
  );
}

/** The marked words; when the page has just replaced them, the answer itself. */
function rectOf(range: Range, element: Element): DOMRect {
  const rect = range.getBoundingClientRect();
  return rect.width === 0 && rect.height === 0 ? element.getBoundingClientRect() : rect;
}

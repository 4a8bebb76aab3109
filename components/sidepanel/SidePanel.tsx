import { useState, type ReactNode } from 'react';
import { HAS_COMMUNITY } from '../../extension/feedback/built.ts';
import { message, plural } from '../../extension/i18n.ts';
import type { PageSnapshot, PanelAnswer, PanelCommand, PanelFinding } from '../../extension/page-port.ts';
import { applyChange, dismissalKey } from '../../extension/storage.ts';
import { FAMILIES, familyOf, type Family } from '../../review/types.ts';
import { FindingDetails } from '../FindingDetails.tsx';
import { usePage, useSaving, useTab } from '../hooks.ts';
import { Brand, Problem, SaveProblem } from '../ui.tsx';
import { familyName, kindName } from '../words.ts';

/** All findings of the conversation in the tab, by answer; also those that are not marked on the page. */
export function SidePanel(): ReactNode {
  const tabId = useTab();
  const { page, send } = usePage(tabId);
  return (
    <main className="panel" data-attune="sidepanel">
      <Brand level="h1">{message('panel.title')}</Brand>
      {page.type === 'none' || (page.type === 'page' && page.snapshot.site === null && page.snapshot.answers.length === 0) ? (
        <p className="muted" data-attune="empty">
          {message('panel.noChat')}
        </p>
      ) : page.type === 'page' ? (
        <Conversation snapshot={page.snapshot} send={send} />
      ) : null}
    </main>
  );
}

type Filter = Family | 'all';

function Conversation({ snapshot, send }: { snapshot: PageSnapshot; send: (command: PanelCommand) => void }): ReactNode {
  const [filter, setFilter] = useState<Filter>('all');
  const found = snapshot.answers.flatMap(({ findings }) => findings);
  const families = FAMILIES.filter((family) => found.some(({ finding }) => familyOf(finding.kind) === family));
  // A filter whose last finding has gone would hide everything without a way back.
  const active = filter !== 'all' && !families.includes(filter) ? 'all' : filter;
  const shown = (item: PanelFinding): boolean => active === 'all' || familyOf(item.finding.kind) === active;
  const quiet = snapshot.answers.every(({ findings, state, dropped }) => findings.length === 0 && dropped === 0 && state.type !== 'failed' && state.type !== 'reviewing');

  return (
    <>
      {!snapshot.enabled && <p className="muted">{message('popup.off')}</p>}
      {snapshot.drift && <Problem>{message('popup.drift')}</Problem>}
      {families.length > 1 && (
        <fieldset className="chips" data-attune="filters">
          <legend className="visually-hidden">{message('panel.filter')}</legend>
          {(['all', ...families] as const).map((value) => (
            <label key={value} className={value === 'all' ? 'chip all' : `chip family-${value}`}>
              <input type="radio" name="family" value={value} checked={active === value} onChange={() => setFilter(value)} />
              <span>{value === 'all' ? message('panel.all') : familyName(value)}</span>
            </label>
          ))}
        </fieldset>
      )}
      {snapshot.enabled && quiet && (
        <p className="muted" data-attune="empty">
          {message('panel.empty')}
        </p>
      )}
      {snapshot.answers.map((answer, index) => (
        <Answer key={answer.key} answer={answer} number={index + 1} shown={shown} snapshot={snapshot} send={send} />
      ))}
    </>
  );
}

interface AnswerProps {
  readonly answer: PanelAnswer;
  readonly number: number;
  readonly shown: (item: PanelFinding) => boolean;
  readonly snapshot: PageSnapshot;
  readonly send: (command: PanelCommand) => void;
}

function Answer({ answer, number, shown, snapshot, send }: AnswerProps): ReactNode {
  const { state } = answer;
  const marked = answer.findings.filter((item) => item.marked && shown(item));
  const more = answer.findings.filter((item) => !item.marked && shown(item));
  const canRate = HAS_COMMUNITY && state.type === 'reviewed';
  if (marked.length === 0 && more.length === 0 && answer.dropped === 0 && state.type !== 'failed' && state.type !== 'reviewing' && !canRate) return null;
  const item = (each: PanelFinding): ReactNode => <Item key={each.id} item={each} language={state.type === 'reviewed' ? state.language : undefined} snapshot={snapshot} send={send} />;
  return (
    <section className="answer" data-attune="panel-answer">
      <h2>
        {message('panel.answer', { index: number })}
        <small dir="auto">{answer.excerpt}</small>
      </h2>
      {state.type === 'reviewing' && <p className="muted small">{message('panel.reviewing')}</p>}
      {state.type === 'failed' && (
        <Problem>
          {message('panel.failed', { reason: state.message })}{' '}
          <button type="button" className="btn" onClick={() => send({ type: 'retry', key: answer.key })}>
            {message('common.retry')}
          </button>
        </Problem>
      )}
      {marked.map(item)}
      {answer.dropped > 0 && <p className="muted small">{plural('panel.dropped', answer.dropped)}</p>}
      {more.length > 0 && (
        <details className="more" data-attune="more">
          <summary>{plural('panel.more', more.length)}</summary>
          <div>{more.map(item)}</div>
        </details>
      )}
      {canRate && (
        <div className="inline">
          <button type="button" className="btn quiet" data-attune="rate" onClick={() => send({ type: 'rate', key: answer.key })}>
            {message('popover.rate')}
          </button>
        </div>
      )}
    </section>
  );
}

interface ItemProps {
  readonly item: PanelFinding;
  readonly language: string | undefined;
  readonly snapshot: PageSnapshot;
  readonly send: (command: PanelCommand) => void;
}

function Item({ item, language, snapshot, send }: ItemProps): ReactNode {
  const { finding, marked, prompt } = item;
  const { rule, kind, quote } = finding;
  const [copied, setCopied] = useState<'copied' | 'copyFailed' | null>(null);
  const { problem, save } = useSaving();
  return (
    <details className={`item family-${familyOf(kind)}`} data-attune="panel-finding" data-kind={kind} onToggle={(event) => event.currentTarget.open && marked && send({ type: 'go', id: item.id })}>
      <summary>
        <span className="kind">{kindName(kind)}</span>
        <span className="words" dir="auto">
          {quote}
        </span>
      </summary>
      <div className="finding">
        <FindingDetails finding={finding} locale={snapshot.audience?.locale ?? null} language={language}>
          <div className="actions">
            {marked && (
              <button type="button" className="btn" data-attune="go" onClick={() => send({ type: 'go', id: item.id })}>
                {message('panel.go')}
              </button>
            )}
            {snapshot.canInsert && (
              <button type="button" className="btn" data-attune="insert" onClick={() => send({ type: 'insert', text: prompt })}>
                {message('popover.insert')}
              </button>
            )}
            <button
              type="button"
              className="btn"
              data-attune="copy"
              onClick={() =>
                void navigator.clipboard.writeText(prompt).then(
                  () => setCopied('copied'),
                  () => setCopied('copyFailed'),
                )
              }
            >
              {message('popover.copy')}
            </button>
            {HAS_COMMUNITY && (
              <button type="button" className="btn" data-attune="feedback" onClick={() => send({ type: 'feedback', id: item.id })}>
                {message('popover.feedback')}
              </button>
            )}
            <button type="button" className="btn quiet" data-attune="dismiss" onClick={() => save(applyChange({ change: 'dismiss', key: dismissalKey(finding), rule, kind, quote, on: true }))}>
              {message('popover.dismiss')}
            </button>
            <button type="button" className="btn quiet" data-attune="mute" onClick={() => save(applyChange({ change: 'mute', rule, kind, on: true }))}>
              {message('popover.mute')}
            </button>
          </div>
          <p role="status" className={copied ? 'small' : 'visually-hidden'}>
            {copied && message(`popover.${copied}`)}
          </p>
          {copied === 'copyFailed' && <p dir="auto">{prompt}</p>}
        </FindingDetails>
        <SaveProblem reason={problem} />
      </div>
    </details>
  );
}

import { useState, type ReactNode } from 'react';
import type { Community } from '../../extension/feedback/config.ts';
import { changeOutbox } from '../../extension/feedback/store.ts';
import { message, uiLanguage } from '../../extension/i18n.ts';
import { createClient } from '../../feedback/client/client.ts';
import { parseCheckpoint } from '../../feedback/log/note.ts';
import { verifyReceipt } from '../../feedback/log/receipt.ts';
import { forget, retry, submissionOf, withdrawItem } from '../../feedback/outbox/outbox.ts';
import type { Item } from '../../feedback/outbox/types.ts';
import { useSaving } from '../hooks.ts';
import { SaveProblem } from '../ui.tsx';
import { kindName } from '../words.ts';
import { stateLine } from './Sent.tsx';

/** One piece of feedback: what it was, where it is, its record and receipt, and the way back. */
export function MyItem({ item, community }: { item: Item; community: Community }): ReactNode {
  const { problem, save } = useSaving();
  const [checked, setChecked] = useState<string | null>(null);
  const { state } = item;
  const what = title(item);
  const waiting = state.type === 'queued' || state.type === 'sending';
  return (
    <li className="card" data-attune="my-item" data-state={state.type}>
      <p>
        <strong>{what}</strong> <small className="muted">{new Intl.DateTimeFormat(uiLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(item.createdAt)}</small>
      </p>
      <p role="status">{stateLine(state)}</p>
      {item.record !== null && (
        <details>
          <summary>{message('mydata.record')}</summary>
          <pre className="record" dir="ltr" tabIndex={0}>
            {item.record}
          </pre>
        </details>
      )}
      {state.type === 'delivered' && (
        <details data-attune="receipt">
          <summary>{message('mydata.receipt')}</summary>
          <pre className="record" dir="ltr" tabIndex={0}>
            {JSON.stringify(state.receipt, null, 2)}
          </pre>
        </details>
      )}
      <div className="inline">
        {state.type === 'delivered' && (
          <button type="button" className="btn quiet" data-attune="check" aria-label={message('mydata.checkOf', { what })} onClick={() => void checkInLog(item, community).then(setChecked)}>
            {message('mydata.check')}
          </button>
        )}
        {state.type === 'refused' && (
          <button type="button" className="btn" data-attune="retry-item" onClick={() => save(changeOutbox((database) => retry(database, item.id)))}>
            {message('common.retry')}
          </button>
        )}
        {state.type === 'withdrawn' ? (
          <button type="button" className="btn quiet" data-attune="forget" aria-label={message('mydata.forgetOf', { what })} onClick={() => save(changeOutbox((database) => forget(database, item.id)))}>
            {message('mydata.forget')}
          </button>
        ) : (
          state.type !== 'withdrawing' && (
            <button type="button" className="btn danger" data-attune="withdraw" aria-label={message(waiting ? 'mydata.removeOf' : 'mydata.withdrawOf', { what })} onClick={() => save(changeOutbox((database) => withdrawItem(database, item.id, Date.now())))}>
              {message(waiting ? 'mydata.remove' : 'mydata.withdraw')}
            </button>
          )
        )}
      </div>
      <p role="status" className={checked === null ? 'visually-hidden' : 'small'} data-attune="checked">
        {checked}
      </p>
      <SaveProblem reason={problem} />
    </li>
  );
}

/** What it was about; a withdrawn item has no text any more, only its number. */
function title(item: Item): string {
  const submission = submissionOf(item);
  if (submission === null) return item.id.slice(0, 8);
  const { feedback } = submission;
  switch (feedback.type) {
    case 'verdict':
      return `${message('feedback.aboutVerdict')}: ${kindName(feedback.finding.kind)}`;
    case 'missed':
      return `${message('feedback.aboutMissed')}: ${kindName(feedback.kind)}`;
    case 'answer':
      return message('feedback.aboutAnswer');
  }
}

/** Asks the log for the proof that it holds the leaf, and checks it with the key that was first seen. */
async function checkInLog(item: Item, { collector, info }: Community): Promise<string> {
  const submission = submissionOf(item);
  if (item.state.type !== 'delivered' || submission === null) return '';
  const { receipt } = item.state;
  const checkpoint = parseCheckpoint(receipt.checkpoint.slice(0, receipt.checkpoint.lastIndexOf('\n\n') + 1));
  const client = createClient({ collector, fetch: (...request) => fetch(...request) });
  const proof = await client.readProof(item.drive, receipt.leafIndex, checkpoint?.size ?? receipt.leafIndex + 1, new AbortController().signal);
  if (proof.type === 'later') return message('mydata.checkLater', { reason: proof.reason });
  if (proof.type === 'refused') return message('mydata.checkFailed', { problems: proof.detail });
  const check = verifyReceipt(submission, receipt, info.logKey, proof.value);
  return check.ok ? message('mydata.checkedInLog') : message('mydata.checkFailed', { problems: check.problems.join(', ') });
}

import { useEffect, useState, type ReactNode } from 'react';
import { ownCommunity, type Community } from '../../extension/feedback/config.ts';
import { changeOutbox, deleteOutbox } from '../../extension/feedback/store.ts';
import { message, uiLanguage } from '../../extension/i18n.ts';
import type { Settings } from '../../extension/storage.ts';
import { consentNeed } from '../../feedback/consent/consent.ts';
import { noticeParts } from '../../feedback/notice/notice.ts';
import { membershipKey, retry, setPaused, withdrawEverything } from '../../feedback/outbox/outbox.ts';
import type { Item, Membership, OutboxView } from '../../feedback/outbox/types.ts';
import { download } from '../download.ts';
import { useSaving } from '../hooks.ts';
import { SaveProblem } from '../ui.tsx';
import { Consent } from './Consent.tsx';
import { homesOf } from './FeedbackPage.tsx';
import { useOutbox } from './hooks.ts';
import { MyItem } from './MyItem.tsx';
import { NamesEditor } from './NamesEditor.tsx';

/** Everything that this installation ever gave, what still waits, the consent, and ways to take all of it back. */
export function MyData({ settings }: { settings: Settings }): ReactNode {
  const outbox = useOutbox();
  const community = ownCommunity();
  useEffect(() => {
    // The page was opened for this part of it, which was not there yet when the browser looked for it.
    if (outbox !== null && location.hash === '#mydata') document.getElementById('mydata')?.scrollIntoView();
  }, [outbox !== null]); // eslint-disable-line react-hooks/exhaustive-deps
  if (outbox === null || community === null) return null;
  const waiting = outbox.items.filter(({ state }) => state.type === 'queued' || state.type === 'sending');
  const sent = outbox.items.filter((item) => !waiting.includes(item));
  const membership = outbox.memberships.find(({ key }) => key === membershipKey(community.collector, community.info.id)) ?? null;
  return (
    <section aria-labelledby="mydata" data-attune="mydata">
      <h2 id="mydata">{message('mydata.title')}</h2>
      <p className="hint">{message('mydata.hint')}</p>
      {outbox.items.length === 0 && <p data-attune="nothing">{message('mydata.nothing')}</p>}
      {(waiting.length > 0 || outbox.paused || outbox.waiting !== null) && <Queue outbox={outbox} waiting={waiting} community={community} />}
      {sent.length > 0 && (
        <>
          <h3>{message('mydata.sent')}</h3>
          <List items={sent} community={community} />
        </>
      )}
      {membership && <OwnConsent membership={membership} community={community} homes={homesOf(settings.profile.locales)} />}
      <NamesEditor />
      <Keeping outbox={outbox} />
    </section>
  );
}

function List({ items, community }: { items: readonly Item[]; community: Community }): ReactNode {
  return (
    <ul className="items">
      {items.map((item) => (
        <MyItem key={item.id} item={item} community={community} />
      ))}
    </ul>
  );
}

function Queue({ outbox, waiting, community }: { outbox: OutboxView; waiting: readonly Item[]; community: Community }): ReactNode {
  const { problem, save } = useSaving();
  const { paused } = outbox;
  return (
    <>
      <h3>{message('mydata.waiting')}</h3>
      {paused && <p className="hint">{message('mydata.paused')}</p>}
      {outbox.waiting && (
        <p className="hint" data-attune="unreachable">
          {message('mydata.unreachable', { reason: outbox.waiting.reason, time: new Intl.DateTimeFormat(uiLanguage(), { dateStyle: 'short', timeStyle: 'short' }).format(outbox.waiting.until) })}
        </p>
      )}
      <List items={waiting} community={community} />
      <div className="inline">
        <button type="button" className="btn" data-attune="pause" aria-pressed={paused} onClick={() => save(changeOutbox((database) => setPaused(database, !paused)))}>
          {message(paused ? 'mydata.resume' : 'mydata.pause')}
        </button>
        {!paused && (
          <button type="button" className="btn" data-attune="retry" onClick={() => save(changeOutbox((database) => retry(database)))}>
            {message('mydata.retry')}
          </button>
        )}
      </div>
      <SaveProblem reason={problem} />
    </>
  );
}

function OwnConsent({ membership, community, homes }: { membership: Membership; community: Community; homes: readonly string[] }): ReactNode {
  const { problem, save } = useSaving();
  const [step, setStep] = useState<'idle' | 'changing' | 'asking'>('idle');
  const { request } = membership.consent;
  const labels = noticeParts(membership.info, uiLanguage()).parts.flatMap(({ topic, heading }) => (typeof topic === 'object' && request.purposes.includes(topic.purpose) ? [heading ?? topic.purpose] : []));
  if (step === 'changing') return <Consent community={community} before={membership} need={consentNeed(membership, community.info)} homes={homes} onDecline={() => setStep('idle')} onDone={() => setStep('idle')} />;
  return (
    <>
      <h3>{message('mydata.consent')}</h3>
      <p data-attune="consent-state">
        {message('mydata.consentGiven', { date: new Intl.DateTimeFormat(uiLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(request.givenAt)) })}
      </p>
      <ul>
        {labels.map((label) => (
          <li key={label}>{label}</li>
        ))}
      </ul>
      {membership.consent.status.type === 'refused' && <p>{message('consent.refused', { reason: membership.consent.status.detail })}</p>}
      {step === 'asking' ? (
        <div className="card" role="group" aria-label={message('mydata.withdrawAllAsk')}>
          <p>{message('mydata.withdrawAllAsk')}</p>
          <div className="inline">
            <button type="button" className="btn danger" data-attune="withdraw-all-yes" onClick={() => save(changeOutbox((database) => withdrawEverything(database, membership.key, Date.now())))}>
              {message('mydata.withdrawAllYes')}
            </button>
            <button type="button" className="btn" autoFocus onClick={() => setStep('idle')}>
              {message('mydata.keep')}
            </button>
          </div>
        </div>
      ) : (
        <div className="inline">
          <button type="button" className="btn" data-attune="change-consent" onClick={() => setStep('changing')}>
            {message('mydata.change')}
          </button>
          <button type="button" className="btn danger" data-attune="withdraw-all" onClick={() => setStep('asking')}>
            {message('mydata.withdrawAll')}
          </button>
        </div>
      )}
      <SaveProblem reason={problem} />
    </>
  );
}

/** A file of it all, with the key that can take it back; and an end of it here. */
function Keeping({ outbox }: { outbox: OutboxView }): ReactNode {
  const { problem, save } = useSaving();
  const [asking, setAsking] = useState(false);
  if (outbox.items.length === 0 && outbox.memberships.length === 0) return null;
  const everything = (): string => JSON.stringify({ exported: new Date().toISOString(), ...outbox, items: outbox.items.map((item) => ({ ...item, record: item.record === null ? null : (JSON.parse(item.record) as unknown) })) }, null, 2);
  return asking ? (
    <div className="card" role="group" aria-label={message('mydata.deleteAsk')}>
      <p>{message('mydata.deleteAsk')}</p>
      <div className="inline">
        <button type="button" className="btn danger" data-attune="delete-feedback-yes" onClick={() => save(deleteOutbox().then(() => setAsking(false)))}>
          {message('mydata.deleteYes')}
        </button>
        <button type="button" className="btn" autoFocus onClick={() => setAsking(false)}>
          {message('mydata.keep')}
        </button>
      </div>
      <SaveProblem reason={problem} />
    </div>
  ) : (
    <div className="inline">
      <button type="button" className="btn" data-attune="export-feedback" onClick={() => download(everything(), 'attune-feedback.json')}>
        {message('mydata.export')}
      </button>
      <button type="button" className="btn danger" data-attune="delete-feedback" onClick={() => setAsking(true)}>
        {message('mydata.delete')}
      </button>
    </div>
  );
}

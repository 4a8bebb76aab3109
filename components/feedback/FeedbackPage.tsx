import { useEffect, useState, type ReactNode } from 'react';
import { HAS_COMMUNITY } from '../../extension/feedback/built.ts';
import { ownCommunity, type Community } from '../../extension/feedback/config.ts';
import { readSubject } from '../../extension/feedback/session.ts';
import { message } from '../../extension/i18n.ts';
import { consentNeed } from '../../feedback/consent/consent.ts';
import { membershipKey } from '../../feedback/outbox/outbox.ts';
import type { Subject } from '../../feedback/record/record.ts';
import { useSettings } from '../hooks.ts';
import { Brand } from '../ui.tsx';
import { Consent } from './Consent.tsx';
import { GiveFeedback } from './GiveFeedback.tsx';
import { useOutbox } from './hooks.ts';

type Loaded = { readonly type: 'loading' } | { readonly type: 'gone' } | { readonly type: 'subject'; readonly subject: Subject };

/** One piece of feedback, from consent to receipt. In the extension's own origin: no web page sees what is chosen or typed here. */
export function FeedbackPage(): ReactNode {
  const [id] = useState(() => location.hash.slice(1));
  const [loaded, setLoaded] = useState<Loaded>({ type: 'loading' });
  const community = ownCommunity();
  useEffect(() => {
    void readSubject(id).then((subject) => setLoaded(subject === null ? { type: 'gone' } : { type: 'subject', subject }));
  }, [id]);
  return (
    <main className="page" data-attune="feedback">
      <header>
        <Brand level="h1">{message('feedback.title')}</Brand>
        {loaded.type === 'subject' && <p className="lead">{aboutLine(loaded.subject)}</p>}
      </header>
      {!HAS_COMMUNITY || community === null ? (
        <p data-attune="no-community">{message('feedback.none')}</p>
      ) : loaded.type === 'gone' ? (
        <p data-attune="gone">{message('feedback.gone')}</p>
      ) : loaded.type === 'subject' ? (
        <Steps id={id} subject={loaded.subject} community={community} />
      ) : null}
    </main>
  );
}

/** Places that can be judged: the reader's own and that of the answer, each with its region. */
export function homesOf(locales: readonly string[], own?: string): string[] {
  return [...new Set([...(own === undefined ? [] : [own]), ...locales])].filter((locale) => /^[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}$/.test(locale));
}

function aboutLine({ about }: Subject): string {
  switch (about.type) {
    case 'verdict':
      return message('feedback.aboutVerdict');
    case 'missed':
      return message('feedback.aboutMissed');
    case 'answer':
      return message('feedback.aboutAnswer');
  }
}

function Steps({ id, subject, community }: { id: string; subject: Subject; community: Community }): ReactNode {
  const outbox = useOutbox();
  const settings = useSettings();
  const [declined, setDeclined] = useState(false);
  if (outbox === null || settings === null) return null;
  const membership = outbox.memberships.find(({ key }) => key === membershipKey(community.collector, community.info.id)) ?? null;
  const need = consentNeed(membership, community.info);
  if (declined) {
    return (
      <p role="status" data-attune="declined">
        {message('consent.declined')}
      </p>
    );
  }
  if (membership === null || need !== 'none') return <Consent community={community} before={membership} need={need} homes={homesOf(settings.profile.locales, subject.locale)} onDecline={() => setDeclined(true)} />;
  return <GiveFeedback id={id} subject={subject} membership={membership} locales={homesOf(settings.profile.locales, subject.locale)} items={outbox.items} />;
}

import { useState, type SyntheticEvent, type ReactNode } from 'react';
import type { Community } from '../../extension/feedback/config.ts';
import { requestSending } from '../../extension/feedback/permission.ts';
import { changeOutbox } from '../../extension/feedback/store.ts';
import { message, uiLanguage } from '../../extension/i18n.ts';
import { localeName } from '../../extension/locales.ts';
import { agree, consentProblem, type ConsentNeed, type ConsentProblem } from '../../feedback/consent/consent.ts';
import { noticeParts, renderNotice, type NoticePart } from '../../feedback/notice/notice.ts';
import { giveConsent } from '../../feedback/outbox/outbox.ts';
import type { Membership } from '../../feedback/outbox/types.ts';
import type { Demographics } from '../../feedback/schema/consent.ts';
import type { Purpose } from '../../feedback/schema/taxonomy.ts';
import { Problem, SaveProblem, Select } from '../ui.tsx';
import { AGE_BANDS, ageName, FAMILIARITIES, familiarityName, GENDERS, genderName } from './words.ts';

interface ConsentProps {
  readonly community: Community;
  readonly before: Membership | null;
  readonly need: ConsentNeed;
  /** Where the reader is at home. */
  readonly homes: readonly string[];
  readonly onDecline: () => void;
  readonly onDone?: () => void;
}

/**
 * The notice, with one tick for each purpose, none of them set. What is shown here is the text whose hash stands in the consent.
 * Opening this page sends nothing and stores nothing.
 */
export function Consent({ community: { collector, info }, before, need, homes, onDecline, onDone }: ConsentProps): ReactNode {
  const language = uiLanguage();
  const [purposes, setPurposes] = useState<ReadonlySet<Purpose>>(new Set());
  const [ageConfirmed, setAgeConfirmed] = useState(false);
  const [demographics, setDemographics] = useState<Demographics>(() => unsaid(homes[0] ?? 'en-US'));
  const [complaint, setComplaint] = useState<ConsentProblem | 'permission' | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { title, parts } = noticeParts(info, language);
  const status = before?.consent.status;

  function tick(purpose: Purpose, on: boolean): void {
    const next = new Set(purposes);
    if (on) next.add(purpose);
    else next.delete(purpose);
    setPurposes(next);
    setComplaint(null);
  }

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    const ticks = { purposes, ageConfirmed };
    const missing = consentProblem(ticks);
    setComplaint(missing);
    if (missing !== null) return;
    // The browser's own question needs the click, so it comes first.
    void requestSending()
      .then(async (allowed) => {
        if (!allowed) return setComplaint('permission');
        const membership = agree({ collector, info, language, ticks, before, now: new Date() });
        await changeOutbox((database) => giveConsent(database, membership, purposes.has('demographics') ? demographics : null));
        onDone?.();
      })
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  }

  return (
    <form className="consent" data-attune="consent" data-notice={renderNotice(info, language).sha256} onSubmit={submit} noValidate>
      {need === 'notice-changed' && <Problem>{message('consent.changed')}</Problem>}
      {need === 'refused' && status?.type === 'refused' && <Problem>{message('consent.refused', { reason: status.detail })}</Problem>}
      <section>
        <h2>{title}</h2>
        {parts.filter(({ topic }) => topic === 'lead' || topic === 'sent').map(text)}
      </section>
      <section>
        {parts.filter(({ topic }) => topic === 'purposes').map(text)}
        {parts.map(({ topic, heading, paragraphs }) =>
          typeof topic === 'object' ? (
            <div key={topic.purpose} className="purpose">
              <label className="choice">
                <input type="checkbox" data-attune={`purpose-${topic.purpose}`} checked={purposes.has(topic.purpose)} onChange={(event) => tick(topic.purpose, event.currentTarget.checked)} />
                <span>{heading}</span>
                <small>{paragraphs.join(' ')}</small>
              </label>
              {topic.purpose === 'demographics' && purposes.has('demographics') && <AboutMe homes={homes} value={demographics} onChange={setDemographics} />}
            </div>
          ) : null,
        )}
      </section>
      <section>{parts.filter(({ topic }) => ['controller', 'retention', 'withdrawal', 'rights'].includes(topic as string)).map(text)}</section>
      <section>
        {parts.filter(({ topic }) => topic === 'age').map(text)}
        <label className="choice">
          <input
            type="checkbox"
            data-attune="age"
            checked={ageConfirmed}
            onChange={(event) => {
              setAgeConfirmed(event.currentTarget.checked);
              setComplaint(null);
            }}
          />
          <span>{message('consent.age', { age: info.minimumAge })}</span>
        </label>
        {complaint && <Problem>{message(COMPLAINTS[complaint])}</Problem>}
        <SaveProblem reason={problem} />
        <div className="inline">
          <button type="submit" className="btn primary" data-attune="agree">
            {message('consent.agree')}
          </button>
          <button type="button" className="btn" data-attune="decline" onClick={onDecline}>
            {message('consent.decline')}
          </button>
        </div>
      </section>
    </form>
  );
}

const COMPLAINTS = { 'no-storing-purpose': 'consent.needStoring', 'age-not-confirmed': 'consent.needAge', permission: 'consent.permission' } as const;

function text({ topic, heading, paragraphs }: NoticePart): ReactNode {
  return (
    <div key={JSON.stringify(topic)} className="notice-part">
      {heading !== null && <h3>{heading}</h3>}
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </div>
  );
}

function unsaid(home: string): Demographics {
  return { ageBand: 'prefer-not-to-say', gender: 'prefer-not-to-say', locale: home, familiarity: 'native' };
}

function AboutMe({ homes, value, onChange }: { homes: readonly string[]; value: Demographics; onChange: (value: Demographics) => void }): ReactNode {
  const language = uiLanguage();
  return (
    <div className="grid">
      <Select label={message('about.ageBand')} name="age-band" value={value.ageBand} groups={[{ options: AGE_BANDS.map((each) => ({ value: each, label: ageName(each) })) }]} onChange={(ageBand) => onChange({ ...value, ageBand })} />
      <Select label={message('about.gender')} name="gender" value={value.gender} groups={[{ options: GENDERS.map((each) => ({ value: each, label: genderName(each) })) }]} onChange={(gender) => onChange({ ...value, gender })} />
      <Select<string> label={message('about.home')} name="home" value={value.locale} groups={[{ options: homes.map((locale) => ({ value: locale, label: localeName(locale, language) })) }]} onChange={(locale) => onChange({ ...value, locale })} />
      <Select label={message('feedback.familiarity')} name="home-familiarity" value={value.familiarity} groups={[{ options: FAMILIARITIES.map((each) => ({ value: each, label: familiarityName(each) })) }]} onChange={(familiarity) => onChange({ ...value, familiarity })} />
    </div>
  );
}

import { useState, type ReactNode } from 'react';
import { v7 as uuidv7 } from 'uuid';
import { browser } from 'wxt/browser';
import { changeOutbox } from '../../extension/feedback/store.ts';
import { dropSubject } from '../../extension/feedback/session.ts';
import { uiLanguage } from '../../extension/i18n.ts';
import { submit } from '../../feedback/outbox/outbox.ts';
import type { Item, Membership } from '../../feedback/outbox/types.ts';
import { makeRecord, type Choices, type Edits, type Subject } from '../../feedback/record/record.ts';
import type { Submission } from '../../feedback/schema/submission.ts';
import { useNames } from './names.ts';
import { FeedbackForm } from './FeedbackForm.tsx';
import { Preview } from './Preview.tsx';
import { Sent } from './Sent.tsx';

interface GiveFeedbackProps {
  /** Of the subject in the session's storage. */
  readonly id: string;
  readonly subject: Subject;
  readonly membership: Membership;
  /** Places that can be judged; the first is that of the answer. */
  readonly locales: readonly string[];
  readonly items: readonly Item[];
}

type Step = 'form' | 'preview' | 'sent';

/** The form, then the preview, then what became of it. */
export function GiveFeedback({ id, subject, membership, locales, items }: GiveFeedbackProps): ReactNode {
  const [step, setStep] = useState<Step>('form');
  const [recordId] = useState(() => uuidv7());
  const [choices, setChoices] = useState<Choices>(() => emptyChoices(subject, locales));
  const [edits, setEdits] = useState<Edits>(() => ({ dropped: new Set(), kept: new Set(subject.stretch.parts.keys()), chosen: [] }));
  const [problem, setProblem] = useState<string | null>(null);
  const ownNames = useNames();
  if (ownNames === null) return null;

  const make = (): Submission =>
    makeRecord(subject, choices, edits, {
      id: recordId,
      membership,
      // The reader's own day, no finer.
      today: new Date().toLocaleDateString('sv-SE'),
      uiLanguage: uiLanguage(),
      extensionVersion: browser.runtime.getManifest().version,
      ownNames,
    });

  switch (step) {
    case 'form':
      return <FeedbackForm subject={subject} choices={choices} locales={locales} onChange={setChoices} onPreview={() => setStep('preview')} />;
    case 'preview': {
      const record = make();
      const send = (): void => {
        setProblem(null);
        // Shown as queued only once it is on the disk.
        changeOutbox((database) => submit(database, membership.collector, record, Date.now())).then(
          () => {
            setStep('sent');
            void dropSubject(id);
          },
          (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)),
        );
      };
      return <Preview subject={subject} record={record} edits={edits} problem={problem} onEdits={setEdits} onBack={() => setStep('form')} onSend={send} />;
    }
    case 'sent':
      return <Sent item={items.find((item) => item.id === recordId) ?? null} />;
  }
}

function emptyChoices(subject: Subject, locales: readonly string[]): Choices {
  return {
    verdict: null,
    kind: null,
    severity: null,
    reason: null,
    scales: { helpful: null, harmless: null, honest: null },
    comment: '',
    rewrite: '',
    locale: locales[0] ?? subject.locale,
    familiarity: null,
  };
}

import { useEffect, useState, type ReactNode } from 'react';
import { backgroundInference } from '../../extension/background-client.ts';
import { message, plural, uiLanguage } from '../../extension/i18n.ts';
import { regionName } from '../../extension/locales.ts';
import { familyOf, type Answer, type Finding, type Review, type Wishes } from '../../review/types.ts';
import { FindingDetails } from '../FindingDetails.tsx';
import { Problem } from '../ui.tsx';
import { EXAMPLES } from './examples.ts';

type Trial =
  | { readonly type: 'idle' }
  | { readonly type: 'reviewing' }
  | { readonly type: 'reviewed'; readonly review: Review; readonly locale: string }
  | { readonly type: 'failed'; readonly reason: string };

/** A real review of an example answer, right on the welcome page. */
export function TryIt({ locale, wishes }: { locale: string | null; wishes: Wishes }): ReactNode {
  const text = EXAMPLES[uiLanguage().split('-')[0] ?? 'en'] ?? EXAMPLES['en'] ?? '';
  const [trial, setTrial] = useState<Trial>({ type: 'idle' });
  const [chosen, setChosen] = useState<Finding | null>(null);

  // Another locale, another reading: the old marks would be wrong.
  useEffect(() => {
    setTrial({ type: 'idle' });
    setChosen(null);
  }, [locale]);

  function run(): void {
    if (locale === null) return;
    setTrial({ type: 'reviewing' });
    setChosen(null);
    backgroundInference()
      .review({ answer: answerFrom(text), audience: { locale, wishes }, uiLanguage: uiLanguage(), sensitivity: 'balanced' }, { visible: true })
      .then(
        (review) => setTrial({ type: 'reviewed', review, locale }),
        (error: unknown) => setTrial({ type: 'failed', reason: error instanceof Error ? error.message : String(error) }),
      );
  }

  const findings = trial.type === 'reviewed' ? trial.review.findings : [];
  return (
    <section aria-labelledby="try" data-attune="try">
      <h2 id="try">{message('welcome.try')}</h2>
      <p className="hint">{message('welcome.tryHint')}</p>
      <div className="example" dir="auto">
        <Marked text={text} findings={findings} chosen={chosen} onChoose={(finding) => setChosen(finding === chosen ? null : finding)} />
      </div>
      <div>
        <button type="button" className="btn primary" data-attune="try-button" disabled={locale === null || trial.type === 'reviewing'} onClick={run}>
          {message(trial.type === 'reviewing' ? 'welcome.tryReviewing' : 'welcome.tryButton')}
        </button>
      </div>
      <p role="status" data-attune="try-result">
        {trial.type === 'reviewed' && resultLine(trial.review, trial.locale)}
      </p>
      {trial.type === 'failed' && <Problem>{message('page.failed', { reason: trial.reason })}</Problem>}
      {chosen && trial.type === 'reviewed' && (
        <div className={`card finding family-${familyOf(chosen.kind)}`} data-attune="try-finding">
          <FindingDetails finding={chosen} locale={trial.locale} language={trial.review.language} />
        </div>
      )}
    </section>
  );
}

function resultLine(review: Review, locale: string): string {
  const place = regionName(locale, uiLanguage());
  if (review.silence === 'unknown-audience') return message('panel.silentAudience');
  if (review.silence === 'unknown-language') return message('panel.silentLanguage');
  return review.findings.length === 0 ? message('welcome.tryNone', { place }) : plural('welcome.tryMarked', review.findings.length, { place });
}

/** Paragraphs of the example as the engine wants them. */
export function answerFrom(text: string): Answer {
  const blocks: Answer['blocks'][number][] = [];
  for (const match of text.matchAll(/[^\n]+/g)) blocks.push({ kind: 'paragraph', start: match.index, end: match.index + match[0].length, masks: [] });
  return { text, blocks };
}

interface MarkedProps {
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly chosen: Finding | null;
  readonly onChoose: (finding: Finding) => void;
}

/** Our own page, so here marks may be real buttons. Overlapping findings: the first one wins the words. */
function Marked({ text, findings, chosen, onChoose }: MarkedProps): ReactNode {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const finding of [...findings].sort((a, b) => a.start - b.start)) {
    if (finding.start < at) continue;
    pieces.push(text.slice(at, finding.start));
    pieces.push(
      <button key={`${finding.start} ${finding.rule}`} type="button" className={`mark family-${familyOf(finding.kind)}`} data-attune="try-mark" aria-expanded={finding === chosen} onClick={() => onChoose(finding)}>
        {text.slice(finding.start, finding.end)}
      </button>,
    );
    at = finding.end;
  }
  pieces.push(text.slice(at));
  return pieces;
}

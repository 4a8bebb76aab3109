import type { ReactNode } from 'react';
import { message, plural, uiLanguage, type MessageKey } from '../../extension/i18n.ts';
import { localeName } from '../../extension/locales.ts';
import { recordOf } from '../../feedback/outbox/outbox.ts';
import type { Droppable, Edits, Subject } from '../../feedback/record/record.ts';
import type { Submission } from '../../feedback/schema/submission.ts';
import { CANNOT_JUDGE } from '../../feedback/schema/taxonomy.ts';
import { SITES } from '../../chat/sites/index.ts';
import { SaveProblem } from '../ui.tsx';
import { kindName } from '../words.ts';
import { ExcerptEditor } from './ExcerptEditor.tsx';
import { familiarityName, reasonName, severityName, verdictName } from './words.ts';

interface PreviewProps {
  readonly subject: Subject;
  readonly record: Submission;
  readonly edits: Edits;
  readonly problem: string | null;
  readonly onEdits: (edits: Edits) => void;
  readonly onBack: () => void;
  readonly onSend: () => void;
}

/** The exact record, for reading and to the byte. It can only become less. */
export function Preview({ subject, record, edits, problem, onEdits, onBack, onSend }: PreviewProps): ReactNode {
  const bytes = recordOf(record);
  return (
    <div className="preview" data-attune="preview">
      <section>
        <h2>{message('feedback.preview')}</h2>
        <p className="hint">{message('feedback.previewLead')}</p>
        <RecordTable record={record} edits={edits} onEdits={onEdits} />
      </section>
      {!edits.dropped.has('excerpt') && (
        <section>
          <h2>{message('feedback.excerpt')}</h2>
          <ExcerptEditor subject={subject} edits={edits} region={record.context.localeJudged.split('-').at(-1) ?? null} onEdits={onEdits} />
        </section>
      )}
      <section>
        <details>
          <summary>{plural('feedback.json', new TextEncoder().encode(bytes).length)}</summary>
          <pre className="record" dir="ltr" tabIndex={0} data-attune="record">
            {bytes}
          </pre>
        </details>
      </section>
      <SaveProblem reason={problem === null ? null : message('feedback.notStored', { reason: problem })} />
      <div className="inline">
        <button type="button" className="btn primary" data-attune="send" onClick={onSend}>
          {message('feedback.send')}
        </button>
        <button type="button" className="btn" data-attune="back" onClick={onBack}>
          {message('feedback.back')}
        </button>
      </div>
    </div>
  );
}

interface Row {
  readonly label: MessageKey;
  readonly value: string | null;
  readonly drop?: Droppable;
  readonly hint?: string;
}

function RecordTable({ record, edits, onEdits }: { record: Submission; edits: Edits; onEdits: (edits: Edits) => void }): ReactNode {
  function toggle(field: Droppable): void {
    const dropped = new Set(edits.dropped);
    if (!dropped.delete(field)) dropped.add(field);
    onEdits({ ...edits, dropped });
  }
  return (
    <table className="record-table">
      <tbody>
        {rowsOf(record).map(({ label, value, drop, hint }) => {
          const isDropped = drop !== undefined && edits.dropped.has(drop);
          if (value === null && !isDropped) return null;
          const name = message(label);
          return (
            <tr key={label} data-attune={`row-${label.replace('feedback.', '')}`}>
              <th scope="row">{name}</th>
              <td className={isDropped ? 'muted' : undefined}>
                <bdi>{isDropped ? message('feedback.dropped') : value}</bdi>
                {hint !== undefined && <small>{hint}</small>}
              </td>
              <td>
                {drop !== undefined && (
                  <button type="button" className="btn quiet" data-attune={`drop-${drop}`} aria-label={message(isDropped ? 'feedback.keepField' : 'feedback.dropField', { field: name })} onClick={() => toggle(drop)}>
                    {message(isDropped ? 'feedback.keep' : 'feedback.drop')}
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Every field of the record, in words. */
function rowsOf({ feedback, excerpt, context, createdOn, id, consent, participant, deletionKey }: Submission): Row[] {
  const language = uiLanguage();
  const common: Row[] = [
    { label: 'feedback.excerpt', value: excerpt?.text ?? null, drop: 'excerpt' },
    { label: 'feedback.fieldPlace', value: localeName(context.localeJudged, language) },
    { label: 'feedback.fieldFamiliarity', value: context.familiarity && familiarityName(context.familiarity), drop: 'familiarity' },
    { label: 'feedback.fieldSituation', value: context.situation && message(`situation.${context.situation.replaceAll('-', '_')}` as MessageKey), drop: 'situation' },
    { label: 'feedback.fieldSite', value: context.site && (SITES.find((site) => site.id === context.site)?.name ?? context.site), drop: 'site' },
    { label: 'feedback.fieldLanguages', value: [excerpt?.language, context.uiLanguage].filter((each) => each !== undefined).join(', ') },
    { label: 'feedback.fieldVersions', value: `Attune ${context.extensionVersion}` },
    { label: 'feedback.fieldDay', value: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(createdOn)) },
    { label: 'feedback.fieldIds', value: [id, participant, consent, deletionKey].map((each) => `${each.slice(0, 8)}…`).join('  '), hint: message('feedback.idsHint') },
  ];
  switch (feedback.type) {
    case 'verdict': {
      const { finding } = feedback;
      const mark = [kindName(finding.kind), finding.rule, finding.pack && `${finding.pack.id} ${finding.pack.version}`, finding.model, `${finding.severity}`, new Intl.NumberFormat(language, { style: 'percent' }).format(finding.confidence)].filter((each) => each !== null).join(' · ');
      return [{ label: 'feedback.fieldVerdict', value: verdictName(feedback.verdict) }, { label: 'feedback.fieldMark', value: mark }, ...opinion(feedback), ...common];
    }
    case 'missed':
      return [{ label: 'feedback.fieldKind', value: kindName(feedback.kind) }, ...opinion(feedback), ...common];
    case 'answer':
      return [
        ...(['helpful', 'harmless', 'honest'] as const).map((scale): Row => ({ label: `scale.${scale}`, value: feedback[scale] === CANNOT_JUDGE ? message('scale.cannot_judge') : new Intl.NumberFormat(language).format(feedback[scale]) })),
        { label: 'feedback.fieldComment', value: feedback.comment, drop: 'comment' },
        ...common,
      ];
  }
}

function opinion({ severity, reason, comment, rewrite }: Extract<Submission['feedback'], { type: 'verdict' | 'missed' }>): Row[] {
  return [
    { label: 'feedback.fieldSeverity', value: severityName(severity) },
    { label: 'feedback.fieldReason', value: reason && reasonName(reason), drop: 'reason' },
    { label: 'feedback.fieldComment', value: comment, drop: 'comment' },
    { label: 'feedback.fieldRewrite', value: rewrite, drop: 'rewrite' },
  ];
}

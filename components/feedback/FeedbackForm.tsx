import { useId, useState, type SyntheticEvent, type ReactNode } from 'react';
import { message, uiLanguage } from '../../extension/i18n.ts';
import { localeName, regionName } from '../../extension/locales.ts';
import { missingChoices, type Choices, type Scale, type Subject } from '../../feedback/record/record.ts';
import { LONGEST_COMMENT, LONGEST_EXCERPT } from '../../feedback/schema/limits.ts';
import { ANSWER_SCALES, CANNOT_JUDGE, reasonsFor, SEVERITIES, VERDICTS, type AnswerScale, type Familiarity, type Reason } from '../../feedback/schema/taxonomy.ts';
import { familyOf, FINDING_KINDS, type FindingKind } from '../../review/types.ts';
import { Problem, Select } from '../ui.tsx';
import { kindName } from '../words.ts';
import { FAMILIARITIES, familiarityName, reasonName, severityName, verdictName } from './words.ts';

interface FeedbackFormProps {
  readonly subject: Subject;
  readonly choices: Choices;
  readonly locales: readonly string[];
  readonly onChange: (choices: Choices) => void;
  readonly onPreview: () => void;
}

/** The questions. What is chosen here goes nowhere before the preview. */
export function FeedbackForm({ subject, choices, locales, onChange, onPreview }: FeedbackFormProps): ReactNode {
  const [complain, setComplain] = useState(false);
  const { about } = subject;
  const missing = missingChoices(subject, choices);
  const set = (part: Partial<Choices>): void => onChange({ ...choices, ...part });
  const kind: FindingKind | null = about.type === 'verdict' ? about.marked.kind : choices.kind;
  const place = regionName(choices.locale, uiLanguage());

  function submit(event: SyntheticEvent): void {
    event.preventDefault();
    setComplain(missing.length > 0);
    if (missing.length === 0) onPreview();
  }

  return (
    <form className="feedback-form" data-attune="feedback-form" onSubmit={submit} noValidate>
      {subject.stretch.span !== null && <Words subject={subject} />}
      {about.type === 'verdict' && (
        <section>
          <Radios legend={message('feedback.verdict')} name="verdict" value={choices.verdict} options={VERDICTS.map((value) => ({ value, label: verdictName(value) }))} onChange={(verdict) => set({ verdict })} />
        </section>
      )}
      {about.type === 'missed' && (
        <section>
          <Select<FindingKind | ''>
            label={message('feedback.kind')}
            name="kind"
            value={choices.kind ?? ''}
            groups={[{ options: [{ value: '', label: message('feedback.choose') }, ...FINDING_KINDS.map((value) => ({ value, label: kindName(value) }))] }]}
            onChange={(value) => set({ kind: value === '' ? null : value, reason: null })}
          />
        </section>
      )}
      {about.type === 'answer' ? (
        <section>
          {ANSWER_SCALES.map((scale) => (
            <ScaleQuestion key={scale} scale={scale} value={choices.scales[scale]} onChange={(value) => set({ scales: { ...choices.scales, [scale]: value } })} />
          ))}
        </section>
      ) : (
        <section>
          <Radios legend={message('feedback.severity', { place })} name="severity" value={choices.severity} options={([...SEVERITIES, CANNOT_JUDGE] as const).map((value) => ({ value, label: severityName(value) }))} onChange={(severity) => set({ severity })} />
          {kind !== null && (
            <Select<Reason | ''>
              label={message('feedback.reason')}
              name="reason"
              value={choices.reason ?? ''}
              groups={[{ options: [{ value: '', label: message('feedback.reasonNone') }, ...reasonsFor(familyOf(kind)).map((value) => ({ value, label: reasonName(value) }))] }]}
              onChange={(value) => set({ reason: value === '' ? null : value })}
            />
          )}
        </section>
      )}
      <section>
        <TextArea label={message('feedback.comment')} hint={message('feedback.commentHint')} name="comment" most={LONGEST_COMMENT} value={choices.comment} onChange={(comment) => set({ comment })} />
        {about.type !== 'answer' && <TextArea label={message('feedback.rewrite')} name="rewrite" most={LONGEST_EXCERPT} value={choices.rewrite} onChange={(rewrite) => set({ rewrite })} />}
      </section>
      <section className="grid">
        <Select<string> label={message('feedback.place')} name="place" value={choices.locale} groups={[{ options: locales.map((value) => ({ value, label: localeName(value, uiLanguage()) })) }]} onChange={(locale) => set({ locale })} />
        <Select<Familiarity | ''>
          label={message('feedback.familiarity')}
          name="familiarity"
          value={choices.familiarity ?? ''}
          groups={[{ options: [{ value: '', label: message('familiarity.unsaid') }, ...FAMILIARITIES.map((value) => ({ value, label: familiarityName(value) }))] }]}
          onChange={(value) => set({ familiarity: value === '' ? null : value })}
        />
      </section>
      {complain && missing.length > 0 && <Problem>{missing.map((each) => (each === 'severity' ? message('feedback.severity', { place }) : each === 'verdict' || each === 'kind' ? message(`feedback.${each}`) : message(`scale.${each}`))).join(' ')}</Problem>}
      <div className="inline">
        <button type="submit" className="btn primary" data-attune="to-preview">
          {message('feedback.toPreview')}
        </button>
      </div>
    </form>
  );
}

function Words({ subject: { stretch, language } }: { subject: Subject }): ReactNode {
  const { start, end } = stretch.span ?? { start: 0, end: 0 };
  return (
    <blockquote className="example" dir="auto" lang={language === 'und' ? undefined : language} data-attune="words">
      {stretch.text.slice(0, start)}
      <mark className="flagged">{stretch.text.slice(start, end)}</mark>
      {stretch.text.slice(end)}
    </blockquote>
  );
}

interface RadiosProps<V extends string | number> {
  readonly legend: string;
  readonly hint?: string;
  readonly name: string;
  readonly value: V | null;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

function Radios<V extends string | number>({ legend, hint, name, value, options, onChange }: RadiosProps<V>): ReactNode {
  const group = useId();
  return (
    <fieldset className="fieldset">
      <legend>{legend}</legend>
      {hint !== undefined && <p className="hint">{hint}</p>}
      <div className="radios">
        {options.map((option) => (
          <label key={option.value} className="choice">
            <input type="radio" name={group} data-attune={`${name}-${option.value}`} checked={value === option.value} onChange={() => onChange(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const STEPS = [1, 2, 3, 4, 5] as const;

function ScaleQuestion({ scale, value, onChange }: { scale: AnswerScale; value: Scale | null; onChange: (value: Scale) => void }): ReactNode {
  const number = new Intl.NumberFormat(uiLanguage());
  const label = (step: Scale): string => (step === CANNOT_JUDGE ? message('scale.cannot_judge') : step === 1 ? message('scale.low') : step === 5 ? message('scale.high') : number.format(step));
  return <Radios<Scale> legend={message(`scale.${scale}`)} hint={message(`scale.${scale}Hint`)} name={scale} value={value} options={([...STEPS, CANNOT_JUDGE] as const).map((step) => ({ value: step, label: label(step) }))} onChange={onChange} />;
}

interface TextAreaProps {
  readonly label: string;
  readonly hint?: string;
  readonly name: string;
  readonly most: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TextArea({ label, hint, name, most, value, onChange }: TextAreaProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <textarea id={id} dir="auto" rows={3} maxLength={most} data-attune={name} value={value} aria-describedby={hint === undefined ? undefined : `${id}-hint`} onChange={(event) => onChange(event.currentTarget.value)} />
    </div>
  );
}

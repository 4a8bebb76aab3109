/** What feedback is about, on its way from the page to the feedback page. Small enough for a content script. */
import * as z from 'zod/mini';
import { FINDING_KINDS, SITUATIONS, type Audience, type Finding } from '../../review/types.ts';
import { stretchAround, stretchOfAnswer } from '../../feedback/record/parts.ts';
import type { Marked, Subject } from '../../feedback/record/record.ts';

/** A page could only ever ask for a tab about its own text; it is still checked like everything from outside. */
const LONGEST = 8000;
const offset = z.int().check(z.minimum(0), z.maximum(LONGEST));
const span = z.object({ start: offset, end: offset });
const name = z.string().check(z.maxLength(120), z.regex(/^[\w.:-]+$/));

export const subjectSchema: z.ZodMiniType<Subject> = z.object({
  about: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('verdict'),
      marked: z.object({
        kind: z.enum(FINDING_KINDS),
        rule: name,
        severity: z.literal([1, 2, 3]),
        confidence: z.number().check(z.minimum(0), z.maximum(1)),
        pack: z.nullable(z.object({ id: name, version: z.string().check(z.regex(/^\d+\.\d+\.\d+$/)) })),
        model: z.nullable(name),
      }),
    }),
    z.object({ type: z.literal('missed') }),
    z.object({ type: z.literal('answer') }),
  ]),
  stretch: z.object({ text: z.string().check(z.minLength(1), z.maxLength(LONGEST)), parts: z.array(span).check(z.minLength(1), z.maxLength(1000)), span: z.nullable(span) }),
  language: z.string().check(z.regex(/^(und|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/)),
  locale: z.string().check(z.regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/)),
  situation: z.nullable(z.enum(SITUATIONS)),
  site: z.nullable(name),
  markShown: z.boolean(),
});

interface Where {
  readonly answer: string;
  readonly language: string;
  readonly audience: Audience;
  readonly site: string | null;
}

const language = (tag: string): string => (/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) ? tag : 'und');
const shared = ({ audience, site, language: tag }: Where): Pick<Subject, 'language' | 'locale' | 'situation' | 'site' | 'markShown'> => ({ language: language(tag), locale: audience.locale, situation: audience.situation ?? null, site, markShown: true });

/** About a mark: agree, disagree, partly. */
export function verdictSubject(finding: Finding, where: Where): Subject {
  return { about: { type: 'verdict', marked: markedOf(finding) }, stretch: stretchAround(where.answer, finding, where.language), ...shared(where) };
}

/** About words that should have been marked. */
export function missedSubject(words: { readonly start: number; readonly end: number }, where: Where): Subject {
  return { about: { type: 'missed' }, stretch: stretchAround(where.answer, words, where.language), ...shared(where) };
}

/** About an answer as a whole. */
export function answerSubject(where: Where): Subject {
  return { about: { type: 'answer' }, stretch: stretchOfAnswer(where.answer, where.language), ...shared(where) };
}

/** Which rule of which version, or which model, made the mark. */
function markedOf({ kind, rule, severity, confidence, evidence }: Finding): Marked {
  const told = evidence.find((item) => item.type === 'rule');
  const model = evidence.find((item) => item.type === 'classifier');
  return {
    kind,
    rule: plainName(rule),
    severity,
    confidence: Math.round(confidence * 1000) / 1000,
    pack: told && /^\d+\.\d+\.\d+$/.test(told.version) ? { id: plainName(told.pack), version: told.version } : null,
    model: model ? plainName(model.model) : null,
  };
}

const plainName = (text: string): string => text.replace(/[^\w.:-]+/g, '-').slice(0, 120) || '-';

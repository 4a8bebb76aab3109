/**
 * The engine's front door: (answer, audience, packs, classifier) → findings.
 *
 *   answer → passages → observations (rules, places, classifier; kept for each passage) → expectation of the audience
 *          → detectors propose candidates → ranked findings
 */
import type { Classifier } from './classifier/types.ts';
import { createAdapters } from './adapters.ts';
import { createAboutness, type Candidate, type Prompt, type ReviewContext } from './context.ts';
import { DETECTORS } from './detectors/index.ts';
import { wishesFor } from './expectations/wishes.ts';
import { createLanguageTools } from './language-tools.ts';
import { createObserver, type ClassifierOutcome } from './observe.ts';
import { audienceLocales, audiencePacks, isForOneLocale, type PackLibrary } from './packs.ts';
import { matchText } from './patterns/index.ts';
import { rank, type Sensitivity } from './rank.ts';
import { guessSituation } from './situation.ts';
import { detectLanguage, UNKNOWN } from './text/language.ts';
import { readAnswerText } from './text/passages.ts';
import type { Answer, Audience, Language, Review, Silence } from './types.ts';

export interface ReviewerOptions {
  readonly packs: PackLibrary;
  /** Left out: rules alone. `failed`: it should have been there; the reason goes into every review. */
  readonly classifier?: Classifier | { readonly failed: string } | undefined;
  /** Told, once each, what had to be left out of reviews: adapters that do not fit the classifier. */
  readonly onProblem?: ((problem: string) => void) | undefined;
}

export interface ReviewOptions {
  /** Language of messages; default: the audience's. */
  readonly uiLanguage?: Language | undefined;
  readonly sensitivity?: Sensitivity | undefined;
  /** 0-1; overrides the sensitivity. */
  readonly minConfidence?: number | undefined;
  /** Language of the answer when the caller knows it: believed where the text is too short to tell. */
  readonly language?: Language | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Reviewer {
  /**
   * Reviews one answer. Passages seen before cost nothing again, so a growing answer can be reviewed as it grows;
   * the result is the same as for the whole answer at once.
   * @throws the signal's reason when aborted; never for anything in the answer.
   */
  review(answer: Answer, audience: Audience, options?: ReviewOptions): Promise<Review>;
  /**
   * What the detectors propose before ranking: every rule's every hit, overlapping ones too. For `packs check`, which
   * asks after single rules; readers get `review`.
   */
  propose(answer: Answer, audience: Audience, options?: ReviewOptions): Promise<readonly Candidate[]>;
  /** Audiences that packs are there for. */
  audiences(): ReturnType<typeof audienceLocales>;
}

/** A prompt is context; more of it than this is not read. UTF-16 units. */
const LONGEST_PROMPT = 4000;

export function createReviewer({ packs, classifier, onProblem = () => undefined }: ReviewerOptions): Reviewer {
  const toolsFor = createLanguageTools(packs);
  const observer = createObserver(toolsFor, classifier);
  const adapterFor = classifier === undefined || 'failed' in classifier ? () => undefined : createAdapters(classifier, onProblem);

  return {
    audiences: () => audienceLocales(packs),

    async propose(answer, audience, options = {}) {
      const read = await look(answer, audience, options);
      return read.type === 'silent' ? [] : read.candidates;
    },

    async review(answer, audience, options = {}) {
      const read = await look(answer, audience, options);
      if (read.type === 'silent') return silent(read.silence, read.language, audience, classifier);
      const { reading, candidates, guessed, outcome } = read;
      return {
        language: reading.language,
        situation: guessed ?? 'casual',
        situationFrom: audience.situation !== undefined ? 'audience' : guessed !== undefined ? 'answer' : 'default',
        ...rank(candidates, answer.text, options.sensitivity ?? 'balanced', options.minConfidence),
        classifier: outcome,
      };
    },
  };

  async function look(answer: Answer, audience: Audience, { uiLanguage = audience.locale.split('-')[0]!, language = UNKNOWN, signal }: ReviewOptions) {
    const reading = readAnswerText(answer, language);
    const local = audiencePacks(packs, audience.locale);
    const silence = silenceOf(reading.passages.length, reading.language, toolsFor(reading.language).known, local !== undefined);
    if (silence !== undefined || local === undefined) return { type: 'silent' as const, silence: silence ?? 'unknown-audience', language: reading.language };

    const { observations, classifier: outcome } = await observer.observe(reading, { locales: local.chain.filter(isForOneLocale).map(({ id }) => id), adapter: adapterFor(local.chain) }, signal);
    const prompt = readPrompt(answer.prompt, reading.language);
    const guessed = audience.situation ?? guessSituation(observations, prompt);
    const context: ReviewContext = {
      reading,
      observations,
      library: packs,
      audience: local,
      situation: guessed,
      wishes: wishesFor(audience.wishes, prompt),
      prompt,
      classifier: classifier === undefined || 'failed' in classifier ? undefined : classifier,
      uiLanguage,
      about: createAboutness(observations, prompt),
    };
    return { type: 'read' as const, reading, candidates: DETECTORS.flatMap((detect) => detect(context)), guessed, outcome };
  }

  function readPrompt(text: string | undefined, answerLanguage: Language): Prompt | undefined {
    if (text === undefined || text.trim() === '') return undefined;
    const cut = text.slice(0, LONGEST_PROMPT);
    return { text: matchText(cut), tools: toolsFor(detectLanguage(cut, answerLanguage)) };
  }
}

function silenceOf(passages: number, language: Language, languageKnown: boolean, audienceKnown: boolean): Silence | undefined {
  if (passages === 0) return 'no-prose';
  if (!audienceKnown) return 'unknown-audience';
  return language === UNKNOWN || !languageKnown ? 'unknown-language' : undefined;
}

function silent(silence: Silence, language: Language, audience: Audience, classifier: ReviewerOptions['classifier']): Review {
  const outcome: ClassifierOutcome =
    classifier === undefined ? { state: 'absent', reason: 'No classifier was loaded.' } : 'failed' in classifier ? { state: 'failed', reason: classifier.failed } : { state: 'used' };
  return {
    language,
    situation: audience.situation ?? 'casual',
    situationFrom: audience.situation === undefined ? 'default' : 'audience',
    findings: [],
    more: [],
    silence,
    classifier: outcome,
  };
}

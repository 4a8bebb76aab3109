/** Times of day in the other style of clock. */
import type { Language } from '../../types.ts';
import { aboutOneOf, askForLocalForm, conventionCandidate, type ConventionDetector } from './candidate.ts';

/** The clock is a habit of a language as much as of a place: it is judged only in the audience's own language. */
export const clock: ConventionDetector = (place) => {
  const { context, observation } = place;
  const { audience } = context;
  if (observation.tools.language !== audience.language) return [];
  const pattern = FOREIGN[audience.conventions.clock][audience.language];
  return [...(pattern === undefined ? [] : observation.masked.folded.matchAll(pattern))].flatMap((match) => {
    const at = { start: match.index, end: match.index + match[0].length };
    if (aboutOneOf(audience.conventions.clock === '24' ? ['US'] : ['GB', 'DE', 'FR'], place, at)) return [];
    return [conventionCandidate(place, at, { what: 'clock', key: 'convention.clock', severity: 1, confidence: 0.7, suggestion: askForLocalForm(context) })];
  });
};

/** "7:30 PM" */
const TWELVE_HOURS = /(?<![\p{N}:.])\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\.?(?![\p{L}\p{N}])/gu;
/** From 13:00 on, and with a leading zero. */
const TWENTY_FOUR_HOURS = /(?<![\p{N}:.])(?:0\d|1[3-9]|2[0-3]):[0-5]\d(?![\p{N}:]|\s?[ap]\.?m)/gu;

/** What is foreign to speakers whose places use the one clock or the other. Languages that are not named use both. */
const FOREIGN: Readonly<Record<'12' | '24', Readonly<Record<Language, RegExp>>>> = {
  '24': Object.fromEntries(['de', 'fr', 'it', 'nl', 'sv', 'fi', 'pl', 'ru', 'uk', 'tr', 'pt'].map((language) => [language, TWELVE_HOURS])),
  '12': { en: TWENTY_FOUR_HOURS },
};

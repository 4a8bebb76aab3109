/** Numeric dates in an order that readers would take for another day. */
import { aboutOneOf, askForLocalForm, conventionCandidate, type ConventionDetector } from './candidate.ts';

const NUMERIC_DATE = /(?<![\p{N}/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\p{N}/-]|\.\p{N})/gu;

/** Places that answers are often about and that write the day first. */
const DAY_FIRST = ['GB', 'FR', 'DE', 'ES', 'IN', 'IT', 'AU', 'MX'];

export const dates: ConventionDetector = (place) => {
  const { context, observation } = place;
  const order = context.audience.conventions.dateOrder;
  return [...observation.masked.folded.matchAll(NUMERIC_DATE)].flatMap((match) => {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const at = { start: match.index, end: match.index + match[0].length };
    // Only a number above 12 tells the order; 04/05 could be either and is left alone.
    const monthFirst = second > 12 && second <= 31 && first >= 1 && first <= 12;
    const dayFirst = first > 12 && first <= 31 && second >= 1 && second <= 12;
    const wrong = order === 'MDY' ? dayFirst : monthFirst;
    const home = order === 'MDY' ? DAY_FIRST : ['US'];
    if (!wrong || aboutOneOf(home, place, at)) return [];
    return [
      conventionCandidate(place, at, {
        what: 'date',
        key: order === 'MDY' ? 'convention.dateMonthFirst' : 'convention.date',
        severity: 2,
        confidence: 0.88,
        suggestion: askForLocalForm(context),
      }),
    ];
  });
};

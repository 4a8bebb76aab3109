/** Tells the language of a text, or that it does not know: "und" is a real outcome, and the tool then stays silent. */
import { eld } from 'eld/small';
import type { Language } from '../types.ts';

export const UNKNOWN: Language = 'und';

/** Scripts that (among the languages we know) belong to one language or a few. */
const SCRIPTS: readonly { readonly test: RegExp; readonly languages: readonly Language[] }[] = [
  { test: /[\p{sc=Hiragana}\p{sc=Katakana}]/gu, languages: ['ja'] },
  { test: /\p{sc=Hangul}/gu, languages: ['ko'] },
  { test: /\p{sc=Han}/gu, languages: ['zh', 'ja'] },
  { test: /\p{sc=Devanagari}/gu, languages: ['hi', 'mr', 'ne'] },
  { test: /\p{sc=Arabic}/gu, languages: ['ar', 'fa', 'ur'] },
  { test: /\p{sc=Cyrillic}/gu, languages: ['ru', 'uk', 'be', 'bg', 'sr'] },
  { test: /\p{sc=Latin}/gu, languages: [] },
  { test: /\p{sc=Hebrew}/gu, languages: ['he'] },
  { test: /\p{sc=Bengali}/gu, languages: ['bn'] },
  { test: /\p{sc=Tamil}/gu, languages: ['ta'] },
  { test: /\p{sc=Thai}/gu, languages: ['th'] },
  { test: /\p{sc=Greek}/gu, languages: ['el'] },
];

/** Letters needed before a guess about a Latin-script text is taken as sure. */
const ENOUGH_LETTERS = 24;
/** How much of a long answer is looked at, in UTF-16 units: more does not make the guess better. */
const SAMPLE = 4000;

/**
 * @param text prose (masked: code, URLs and markup blanked).
 * @param hint language that the text is expected to be in (of the whole answer, or given by the caller); believed for
 *   passages too short to tell, as long as the script agrees.
 */
export function detectLanguage(text: string, hint: Language = UNKNOWN): Language {
  const sample = text.length > SAMPLE ? text.slice(0, SAMPLE) : text;
  const letters = sample.match(/\p{L}/gu)?.length ?? 0;
  if (letters === 0) return hint;
  const script = dominantScript(sample, letters);
  if (script === undefined) return UNKNOWN;
  const { languages } = script;
  if (languages.length === 1) return languages[0]!;
  const hintFits = hint !== UNKNOWN && fitsScript(hint, script);
  if (hintFits && letters < ENOUGH_LETTERS) return hint;
  const told = toldByWords(sample, languages);
  if (told !== undefined) return told;
  const guess = eld.detect(sample);
  if (guess.language !== '' && guess.isReliable() && (languages.length === 0 || languages.includes(guess.language))) {
    return guess.language;
  }
  if (hintFits) return hint;
  // Han without kana, and no reliable guess: Chinese is what it nearly always is.
  return languages[0] === 'zh' ? 'zh' : UNKNOWN;
}

/** Small words that tell close neighbours apart where letters hardly do. */
const SMALL_WORDS: Readonly<Record<Language, RegExp>> = {
  hi: /(?<![\p{L}\p{M}])(?:है|हैं|और|में|का|की|के|को|से|नहीं|लिए|कर|यह|हो)(?![\p{L}\p{M}])/gu,
  mr: /(?<![\p{L}\p{M}])(?:आहे|आहेत|आणि|मध्ये|नाही|साठी|हे|होते|करा|तुम्ही)(?![\p{L}\p{M}])/gu,
  ne: /(?<![\p{L}\p{M}])(?:छ|छन्|र|मा|को|लाई|गर्न|हो|पनि|तपाईं)(?![\p{L}\p{M}])/gu,
};
/** How much more often one language's small words must occur than another's. */
const CLEARLY = 2;

function toldByWords(text: string, languages: readonly Language[]): Language | undefined {
  const counts = languages.flatMap((language) => (SMALL_WORDS[language] === undefined ? [] : [{ language, count: text.match(SMALL_WORDS[language])?.length ?? 0 }])).sort((a, b) => b.count - a.count);
  const [first, second] = counts;
  return first !== undefined && first.count > 0 && first.count >= CLEARLY * (second?.count ?? 0) ? first.language : undefined;
}

function dominantScript(text: string, letters: number) {
  const counted = SCRIPTS.map((script) => ({ script, count: text.match(script.test)?.length ?? 0 }));
  // A few kana make a text Japanese, however many Han characters it has.
  const kana = counted[0]!;
  if (kana.count > 0 && kana.count + counted[2]!.count > letters / 2 && kana.count * 12 > letters) return kana.script;
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a));
  return best.count * 2 > letters ? best.script : undefined;
}

function fitsScript(language: Language, script: (typeof SCRIPTS)[number]): boolean {
  const owner = SCRIPTS.find(({ languages }) => languages.includes(language.split('-')[0]!));
  return owner === undefined ? script.languages.length === 0 : owner === script || script.languages.includes(language);
}

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
const ENOUGH_LETTERS = 40;
/** The same among languages that share a script, where small words do not tell. */
const ENOUGH_AMONG_NEIGHBOURS = 100;
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
  const told = languages.length === 0 ? toldByDensity(sample) : toldByWords(sample, languages);
  if (told !== undefined) return told;
  // Neighbours that share a script are easily mistaken for each other in a sentence.
  if (hintFits && languages.length > 1 && letters < ENOUGH_AMONG_NEIGHBOURS) return hint;
  const guess = eld.detect(sample);
  if (guess.language !== '' && guess.isReliable() && (languages.length === 0 || languages.includes(guess.language))) {
    if (guess.language === 'ms') return indonesianOrMalay(sample);
    const must = MUST_HAVE[guess.language];
    return must === undefined || must.letter.test(sample) ? guess.language : must.otherwise;
  }
  if (hintFits) return hint;
  // Han without kana, and no reliable guess: Chinese is what it nearly always is.
  return languages[0] === 'zh' ? 'zh' : UNKNOWN;
}

/** Small words that tell close neighbours apart where letters hardly do. */
const SMALL_WORDS: Readonly<Record<Language, RegExp>> = {
  ru: /[ыэё]|(?<!\p{L})(?:и|что|это|если|или|чтобы|вы|вас|вам|можно|нужно|нельзя|только|после|перед|через|ещё|еще|уже|всё|для|но|мне|меня|из|к|со|об|же|мы|они|он|она|его|её|этот|эта|эти|чем|всех|ли)(?!\p{L})|(?:ое|ее|ие|ые|ых|ую|ию|ия|ают|яют|уют|ает|яет|ует|ется|ются|ешь|ишь)(?!\p{L})/giu,
  uk: /[їєґ]|(?<!\p{L})(?:і|й|та|що|це|або|якщо|щоб|ви|можна|треба|лише|після|перед|через|ще|вже|все|для|але|із|чи|від|не варто|він|вона)(?!\p{L})|(?:ння|ття|ити|ати|ти|ою|ого|ій)(?!\p{L})/giu,
  be: /ў|(?<!\p{L})(?:і|што|гэта|калі|каб|ці|але|яны|ёсць|пасля|для|яшчэ|ужо)(?!\p{L})|[эы](?=\p{L})/giu,
  bg: /ъ|(?<!\p{L})(?:е|са|се|ще|със|който|която|което|може|трябва|ако|това|тази|няма|че|и|след|вече|за)(?!\p{L})/giu,
  sr: /[ђјљњћџ]|(?<!\p{L})(?:је|су|се|који|која|што|ако|или|као|али|и|након|за)(?!\p{L})/giu,
  hi: /(?<![\p{L}\p{M}])(?:है|हैं|और|में|का|की|के|को|से|नहीं|लिए|कर|यह|हो)(?![\p{L}\p{M}])/gu,
  mr: /(?<![\p{L}\p{M}])(?:आहे|आहेत|आणि|मध्ये|नाही|साठी|हे|होते|करा|तुम्ही)(?![\p{L}\p{M}])/gu,
  ar: /(?<![\p{L}\p{M}])(?:في|على|إلى|أن|هذا|هذه|التي|الذي|اللي|مش|عشان|ده|دي|مع|عن|كان|لم|ثم|أو|[وفبكل]{0,2}(?:ال|لل)\p{L}{3,})(?![\p{L}\p{M}])/gu,
  fa: /(?<![\p{L}\p{M}])(?:که|را|رو|است|هست|نیست|این|آن|از|به|با|برای|در|شما|تو|می|نمی|های|هم|یک|یه|تا|باید|اگر|اگه|چه|کنید|کنی|شود|بود|خیلی|الگو|البته|الان)(?![\p{L}\p{M}])/gu,
  ur: /(?<![\p{L}\p{M}])(?:ہے|ہیں|کے|کی|کا|کو|میں|اور|سے|نہیں|پر|یہ|آپ|ہو|کریں|لیے)(?![\p{L}\p{M}])/gu,
  ne: /(?<![\p{L}\p{M}])(?:छ|छन्|र|मा|को|लाई|गर्न|हो|पनि|तपाईं)(?![\p{L}\p{M}])/gu,
};
/** A letter that hardly a sentence of a language can do without, and the neighbour that a text without it is in. */
const MUST_HAVE: Readonly<Record<Language, { readonly letter: RegExp; readonly otherwise: Language }>> = {
  az: { letter: /ə/iu, otherwise: 'tr' },
};
/**
 * Small words of Latin-script languages that `eld` does not know. Single ones occur elsewhere ("di", "na", "ya"), so a
 * text must be full of them.
 */
const DENSE_WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  id: new Set(['yang', 'dan', 'untuk', 'dengan', 'tidak', 'ini', 'itu', 'dari', 'pada', 'adalah', 'anda', 'akan', 'atau', 'bisa', 'juga', 'karena', 'saya', 'kamu', 'dapat', 'sudah', 'lebih', 'jika', 'kalau', 'harus', 'oleh', 'seperti', 'dalam', 'agar', 'belum', 'kami', 'kita', 'di', 'ke', 'bagi', 'sebagai', 'jangan', 'saat', 'banyak', 'bukan', 'beberapa', 'apakah', 'tanpa', 'cara', 'mereka']),
  sw: new Set(['ya', 'wa', 'na', 'kwa', 'ni', 'katika', 'vya', 'kama', 'hii', 'huu', 'hiyo', 'hizi', 'huo', 'lakini', 'pia', 'yako', 'wako', 'zako', 'lako', 'kuwa', 'ili', 'baada', 'kabla', 'sana', 'kila', 'kwamba', 'ambayo', 'ambao', 'hadi', 'mtu', 'watu', 'yake', 'wake', 'zaidi', 'unaweza', 'wewe', 'mimi', 'sisi', 'hapa', 'kwenye', 'wakati', 'siku', 'bado', 'hivyo', 'yenye', 'wala', 'tafadhali', 'asante', 'habari', 'karibu', 'swali', 'zuri', 'nzuri', 'kutoka', 'pamoja', 'kufanya', 'kupata']),
};
/** Share of a text's words that must be small words of one language, and how many different ones. */
const DENSE = 0.2;
const DIFFERENT = 2;
/** What Malay writes otherwise than Indonesian: `eld` takes both for Malay, and nearly all other words are shared. */
const MALAY_ONLY = /(?<!\p{L})(?:kerana|awak|ialah|iaitu|sahaja|manakala|ianya|semasa|hendaklah|bahawa|kerajaan|cuba|mahu|syarikat|pelbagai|telefon|wang|doktor|ubat|bilik|esok|nombor|sijil|akaun|cukai|percuma|isnin|khamis|jumaat)(?!\p{L})/giu;
const INDONESIAN_ONLY = /(?<!\p{L})(?:bisa|karena|kamu|kalau|saat|bahwa|gratis|banget|nggak|kantor|mobil|uang|coba|butuh|mau|silakan)(?!\p{L})/giu;

function toldByDensity(text: string): Language | undefined {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*/gu) ?? [];
  for (const [language, small] of Object.entries(DENSE_WORDS)) {
    const hits = words.filter((word) => small.has(word));
    if (new Set(hits).size >= DIFFERENT && hits.length >= DENSE * words.length) return language === 'id' ? indonesianOrMalay(text) : language;
  }
  return undefined;
}

/** Indonesian unless the text writes the Malay way more often: single sentences of Malay pass for Indonesian. */
function indonesianOrMalay(text: string): Language {
  return (text.match(MALAY_ONLY)?.length ?? 0) > (text.match(INDONESIAN_ONLY)?.length ?? 0) ? 'ms' : 'id';
}

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

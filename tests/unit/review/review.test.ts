import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Classifier, HeadName, PassageClassification, Trust } from '../../../review/classifier/types.ts';
import { readPackFolder } from '../../../packs/read.ts';
import { createLanguageTools } from '../../../review/language-tools.ts';
import { loadPacks } from '../../../review/packs.ts';
import { matchText } from '../../../review/patterns/index.ts';
import { createReviewer } from '../../../review/review.ts';
import { parseMarkdown } from '../../../review/text/markdown.ts';
import type { Audience, Finding, Review } from '../../../review/types.ts';
import { SILENT } from '../../fixtures/classification.ts';
import { RAW_PACKS, testLibrary } from '../../fixtures/packs.ts';

const library = testLibrary();
const reviewer = createReviewer({ packs: library });

async function review(text: string, audience: string | Audience = 'de-DE', prompt?: string): Promise<Review> {
  return reviewer.review(parseMarkdown(text, prompt), typeof audience === 'string' ? { locale: audience } : audience, { uiLanguage: 'en', language: /[äöüß]|\bSie\b|\bdu\b/.test(text) ? 'de' : 'en' });
}
const marks = async (...args: Parameters<typeof review>) => (await review(...args)).findings.map(({ kind, quote }) => `${kind}: ${quote}`);

it('takes a country’s name for the country only where it is one', () => {
  const places = (text: string, language = 'en') => createLanguageTools(library)(language).places.search(matchText(text)).map(({ owner }) => owner);
  expect(places('Roast the turkey in Turkey.')).toEqual(['TR']);
  expect(places('Reunion and Réunion')).toEqual([]);
});

it('asks for the capital of a short name that is a syllable of everyday words', () => {
  const { places } = createLanguageTools(loadPacks([readPackFolder('root'), readPackFolder('vi')]))('vi');
  const named = (text: string) => [...new Set(places.search(matchText(text)).map(({ owner }) => owner))];
  expect(named('Chú ý: đạo đức và pháp luật.')).toEqual([]);
  expect(named('Sang Pháp rồi sang Ý.')).toEqual(['FR', 'IT']);
});

it('refuses a pack whose groups name a list that is not there', () => {
  const { en, ...others } = RAW_PACKS;
  const { refused } = loadPacks([...Object.values(others), { ...en, language: { ...en.language, groups: ['{nobody}'] } }]);
  expect(refused.find(({ id }) => id === 'en')?.reasons).toEqual(['language.groups: there is no list {nobody}.']);
});

it('loads the test packs', () => expect(library.refused).toEqual([]));

describe('assumptions', () => {
  const text = 'If the pain gets worse, call 911 at once.';
  it('marks what belongs elsewhere and names the local form', async () => {
    const { findings } = await review(text);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ kind: 'assumption.institution', quote: 'call 911', rule: 'root.emergency.911', why: 'Why for Germany: root.emergency.911', suggestion: { text: 'For Germany: 112' } });
    expect(findings[0]!.evidence[0]).toMatchObject({ type: 'rule', pack: 'root', version: '0.1.0', sources: [{ title: 'Daily life' }] });
  });
  it('tells the country from the small word', async () => expect(await marks('Tell us first, then call 911.')).toEqual(['assumption.institution: call 911']));
  it.each([
    ['at home', text, 'en-US', undefined],
    ['about that place', 'In the United States, call 911.', 'de-DE', undefined],
    ['asked about that place', text, 'de-DE', 'I am travelling to Texas. What do I do in an emergency?'],
    ['under a heading about it', '## American numbers\n\nJust call 911.', 'de-DE', undefined],
    ['beside the local form', 'Call 911, or 112 in Europe.', 'de-DE', undefined],
    ['in a contrast', 'Unlike films, do not call 911 here.', 'de-DE', undefined],
    ['in code', 'Run `call 911` now.', 'de-DE', undefined],
    ['in the reader’s own words, given back', 'Your text is fine: In films people call 911 all the time.', 'de-DE', 'Is this right? In films people call 911 all the time.'],
    ['brought up by the reader', text, 'de-DE', 'Why do people call 911 in films?'],
  ])('stays silent %s', async (_, answer, audience, prompt) => expect(await marks(answer, audience, prompt)).toEqual([]));
});

describe('conventions', () => {
  it.each([
    ['See a doctor when the fever is above 102°F.', ['assumption.convention: 102°F']],
    ['See a doctor when the fever is above 102 °F (39 °C).', []],
    ['Walk 5 miles a day.', ['assumption.convention: 5 miles']],
    ['Drive at 30 miles per hour.', ['assumption.convention: 30 miles per hour']],
    ['It is 18 feet (6 meters) long.', []],
    ['Solve $4!$ and $x^2$ first.', []],
    ['In Texas it is 5 miles to the next town.', []],
    ['The fee is $40 per month.', ['assumption.convention: $40']],
    ['The fee is $40 (about 37 €).', []],
    ['Hand it in by 06/28/2025.', ['assumption.convention: 06/28/2025']],
    ['Hand it in by 06/07/2025.', []],
    ['Mix 2 g of salt, 5 ml of oil and 3 km of patience.', []],
  ])('de-DE: %s', async (text, expected) => expect(await marks(text)).toEqual(expected));
  it('finds amounts in a language without spaces', async () => {
    const { findings } = await reviewer.review(parseMarkdown('Fever: see a doctor above 102°Fを超える and walk for the whole day'), { locale: 'de-DE' }, { language: 'en' });
    expect(findings.map(({ quote }) => quote)).toEqual(['102°F']);
  });
  it('converts for the reader', async () => expect((await review('Walk 5 miles a day.')).findings[0]!.suggestion.text).toBe('That is about 8 km.'));
  it('is about the audience, not about the world', async () => expect(await marks('Walk 5 miles at 70°F by 06/28/2025 for $5.', 'en-US')).toEqual([]));
});

describe('address', () => {
  it('marks a form that does not fit', async () => {
    const [finding] = (await review('Für den Antrag bei der Behörde brauchst du das Formular. Geh damit zum Bürgeramt, wenn du Zeit hast.')).findings;
    expect(finding).toMatchObject({ kind: 'tone.address', quote: 'du', message: 'This uses informal du; formal Sie may fit better here.' });
  });
  it('marks the minority of a mix, with both counts', async () => {
    const { findings } = await review('Bitte füllen Sie das Formular aus. Bringen Sie es mit. Dann bekommst du deinen Bescheid.');
    expect(findings.map(({ quote }) => quote)).toEqual(['du']);
    expect(findings[0]!.message).toBe('The form of address changes: informal du here (1×), formal Sie elsewhere (2×).');
  });
  it.each([
    ['asked for', 'Für den Antrag brauchst du das Formular.', 'Bitte duz mich: Wie geht der Antrag?'],
    ['offered by the reader', 'Für den Antrag brauchst du das Formular.', 'Kannst du mir sagen, wie der Antrag geht?'],
    ['in a quotation', 'Ihre Tochter fragt vielleicht: „Hast du Zeit?“ Dann antworten Sie ruhig.', undefined],
    ['in code', 'Geben Sie `du -h` ein und lesen Sie die Ausgabe.', undefined],
    ['that fits', 'Bitte füllen Sie das Formular aus.', undefined],
  ])('stays silent about a form %s', async (_, text, prompt) => expect(await marks(text, 'de-DE', prompt)).toEqual([]));
  it('takes a form for several people beside a fitting one for what it is', async () => {
    expect(await marks('Bringst du Bier mit? Ich freue mich, wenn ihr kommt. Und bringen Sie gute Laune mit.', { locale: 'de-DE', situation: 'casual' })).toEqual([]);
  });
  it('judges a draft by itself: it speaks to somebody else', async () => {
    const draft = 'Gern, hier ist dein Entwurf:\n\n> Sehr geehrte Frau Weber,\n>\n> bitte teilen Sie uns mit, wann Ihnen der Termin passt.\n\nSag mir, ob du etwas ändern willst.';
    expect(await marks(draft, { locale: 'de-DE', wishes: { address: 'informal' } }, 'Schreib mir bitte einen Entwurf.')).toEqual(['tone.address: Sie']);
    expect(await marks(draft, 'de-DE', 'Kannst du mir einen Brief entwerfen?')).toEqual([]);
    expect(await marks('Hier ist der Text.\n\n---\n\nBitte schicken Sie uns Ihre Unterlagen. Dann bekommst du Bescheid. Danken möchten wir Ihnen.\n\n---\n\nViel Erfolg.')).toEqual(['tone.address: du']);
  });
  it('does not ask a draft for anybody to address its reader as the pack would', async () => {
    const draft = 'Hier sind zwei Vorschläge.\n\n> Hast du am Samstag Zeit?\n\n> Komm doch vorbei, ich koche für dich.';
    const prompt = 'Bitte eine Nachricht an eine Freundin.';
    expect(await marks(draft, 'de-DE', prompt)).toEqual([]);
    expect(await marks(draft, { locale: 'de-DE', situation: 'civic' }, prompt)).toEqual(['tone.address: du', 'tone.address: dich']);
    expect(await marks('> Haben wir Sie geweckt? Dann danken wir Ihnen.\n\n> Komm bald, dich vermissen alle.', 'de-DE', prompt)).toEqual(['tone.address: dich']);
    expect(await marks('Hast du am Samstag Zeit? Ich koche für dich.')).toEqual(['tone.address: du', 'tone.address: dich']);
  });
  it('follows the reader’s wish before the pack', async () => {
    expect(await marks('Für den Antrag brauchst du das Formular.', { locale: 'de-DE', wishes: { address: 'informal' } })).toEqual([]);
    expect(await marks('Bitte füllen Sie das Formular aus.', { locale: 'de-DE', wishes: { address: 'informal' } })).toEqual(['tone.address: Sie']);
  });
  it('follows the situation', async () => expect(await marks('Bringst du Bier mit zur Party?', { locale: 'de-DE', situation: 'casual' })).toEqual([]));
});

describe('tone', () => {
  const praise = 'What a great question! Here is the plan for Monday.';
  it('marks only what is beyond the audience’s range', async () => {
    expect(await marks(praise)).toEqual(['tone.effusive: What a great question']);
    expect(await marks(praise, 'en-US')).toEqual([]);
  });
  it('counts exclamation marks and lets the welcome ones pass', async () => {
    expect(await marks('Bring a coat! It may rain.')).toEqual([]);
    expect(await marks('Bring a coat! Take the bus! Have fun there!')).toHaveLength(2);
  });
  it('takes what is shouted for stronger', async () => {
    const casual = { locale: 'de-DE', situation: 'casual' } as const;
    expect(await marks('What a great question! Well.', casual)).toEqual([]);
    expect(await marks('What a great question!!! Well.', casual)).toEqual(['tone.effusive: What a great question']);
  });
  it('lets pass what the reader asked for', async () => {
    const text = 'Happy birthday! 🎉🎉 Have a cake! 🎂 And a nap!';
    expect((await marks(text)).length).toBeGreaterThan(0);
    expect(await marks(text, 'de-DE', 'Write a birthday card with lots of emoji.')).toEqual([]);
  });
  it('follows wishes', async () => expect(await marks(praise, { locale: 'de-DE', wishes: { enthusiasm: 'more' } })).toEqual([]));
});

describe('stereotypes', () => {
  it.each([
    ['Germans are humourless, so keep it short.', ['stereotype.generalisation: Germans are humourless']],
    ['The stereotype that Germans are humourless is old.', []],
    ['Some say Germans are humourless.', []],
    ['It is unfair to say that women are emotional.', []],
    ['Are Germans humourless?', []],
    ['“Germans are humourless” was the headline.', []],
    ['> Germans are humourless.', []],
    ['Here is a draft:\n\n> Dear team,\n>\n> Germans are humourless, so keep it short.\n>\n> Best, Jo', ['stereotype.generalisation: Germans are humourless']],
    ['Germans are voters, too.', []],
  ])('%s', async (text, expected) => expect(await marks(text)).toEqual(expected));
});

describe('norms', () => {
  it.each([
    ['It is fine to arrive late to the meeting.', ['norm.etiquette: arrive late']],
    ['Do not arrive late to the meeting.', []],
    ['It is considered rude to arrive late.', []],
    ['In Tokyo it is fine to arrive late.', []],
    ['You need not ask, and never take off your shoes.', ['norm.etiquette: take off your shoes']],
    ['Please take off your shoes at the door.', []],
  ])('%s', async (text, expected) => expect(await marks(text)).toEqual(expected));
});

describe('silence', () => {
  it('says why it is silent', async () => {
    expect(await review('```\ncode\n```')).toMatchObject({ findings: [], silence: 'no-prose' });
    expect(await reviewer.review(parseMarkdown('Ring 911 nu och vänta utanför huset på ambulansen.'), { locale: 'de-DE' })).toMatchObject({ findings: [], silence: 'unknown-language', language: 'sv' });
    expect(await review('Please call 911.', 'xx-XX')).toMatchObject({ findings: [], silence: 'unknown-audience' });
  });
  it('reports that the classifier failed and goes on by rules', async () => {
    const broken = createReviewer({ packs: library, classifier: { failed: 'The model file is damaged.' } });
    const { findings, classifier } = await broken.review(parseMarkdown('Please call 911 now.'), { locale: 'de-DE' });
    expect(findings).toHaveLength(1);
    expect(classifier).toEqual({ state: 'failed', reason: 'The model file is damaged.' });
  });
});

const SENTENCES = ['Call 911 now.', 'What a great question!', 'Germans are humourless.', 'It is 102°F outside.', 'In Texas, dial 911.', '“Germans are lazy”, he said.', 'Bring a coat!', '\n\n', '\n- ', '\n## American ways\n\n', '`dial 911`', 'It costs $40.', 'Unlike that, walk 5 miles.', '日本語です。', '🎉🎉 '];

describe('the classifier', () => {
  /** Takes every passage for a stereotype and for praise, and remembers what it was asked. */
  function loud(trust: (head: HeadName) => Trust): { classifier: Classifier; asked: string[] } {
    const asked: string[] = [];
    const classifier: Classifier = {
      id: 'loud@1',
      modelHash: 'a'.repeat(64),
      adapterShape: null,
      trust: (_, head) => trust(head),
      threshold: () => 0.9,
      dispose: () => Promise.resolve(),
      classify: (inputs) => {
        asked.push(...inputs.map(({ text }) => text));
        return Promise.resolve(
          inputs.map(({ text }) => ({
            ...SILENT,
            generalisation: { asserted: 0.97, mention: 0.01, group: 0.01, none: 0.01 },
            praise: 0.97,
            spans: [{ tag: 'group' as const, start: 0, end: Math.min(4, text.length), score: 1 }],
          })),
        );
      },
    };
    return { classifier, asked };
  }
  const answer = parseMarkdown('Germans are humourless.\n\nThe train leaves at five.');
  const rulesOf = async (classifier: Classifier) => (await createReviewer({ packs: library, classifier }).review(answer, { locale: 'de-DE' }, { language: 'en' })).findings.map(({ rule }) => rule);

  it('reads everything where it may speak for itself', async () => {
    const { classifier, asked } = loud((head) => (head === 'generalisation' ? 'trained' : 'chance'));
    expect(await rulesOf(classifier)).toEqual(['en.stereotype.trait', 'classifier.generalisation']);
    expect(asked).toHaveLength(2);
    const praising = loud((head) => (head === 'praise' ? 'trained' : 'chance'));
    await rulesOf(praising.classifier);
    expect(praising.asked).toHaveLength(2);
  });
  it('reads only what a rule has marked or where a group is named, where it needs a second witness', async () => {
    const { classifier, asked } = loud((head) => (head === 'generalisation' ? 'written' : 'chance'));
    expect(await rulesOf(classifier)).toEqual(['en.stereotype.trait']);
    expect(asked).toEqual(['Germans are humourless.']);
    await createReviewer({ packs: library, classifier }).review(parseMarkdown('It rains all day. The women came late.'), { locale: 'de-DE' }, { language: 'en' });
    expect(asked.slice(1)).toEqual(['The women came late.']);
  });
  it('reads nothing where it may not speak', async () => {
    const { classifier, asked } = loud(() => 'chance');
    expect(await rulesOf(classifier)).toEqual(['en.stereotype.trait']);
    expect(asked).toEqual([]);
  });
});

describe('the classifier beside what a pack knows', () => {
  const heard = (said: Partial<PassageClassification>): Classifier => ({
    id: 'heard@1',
    modelHash: 'a'.repeat(64),
    adapterShape: null,
    trust: () => 'written',
    threshold: () => 0.5,
    dispose: () => Promise.resolve(),
    classify: (inputs) => Promise.resolve(inputs.map(() => ({ ...SILENT, ...said }))),
  });
  /** Hears praise in this one sentence. */
  const onlyOf = (sentence: string): Classifier => ({
    ...heard({}),
    classify: (inputs) => Promise.resolve(inputs.map(({ text }) => (text.trim() === sentence ? { ...SILENT, praise: 0.6 } : SILENT))),
  });
  const asserted = { generalisation: { asserted: 0.55, mention: 0.2, group: 0.2, none: 0.05 } };
  const marked = async (text: string, classifier: Classifier, audience = 'de-DE', language = 'en') =>
    (await createReviewer({ packs: library, classifier }).review(parseMarkdown(text), { locale: audience }, { uiLanguage: 'en', language })).findings.map(({ rule, quote }) => `${rule}: ${quote}`);

  it('marks an assertion about a group that the pack names, in words that no rule knows', async () => {
    expect(await marked('Better let the women decide, they feel such things.', heard(asserted))).toEqual(['classifier.generalisation: women decide, they feel such things']);
    const words = [{ tag: 'attribute' as const, start: 17, end: 23, score: 0.9 }];
    expect(await marked('Better let women decide, they feel such things.', heard({ ...asserted, spans: words }))).toEqual(['classifier.generalisation: women decide']);
  });
  it('hears what a sentence asserts as a part of an answer, though by itself it says little', async () => {
    const inAnswer = heard({ generalisationInAnswer: 0.6 });
    expect(await marked('Better let the women decide, they feel such things.', inAnswer)).toEqual(['classifier.generalisation: women decide, they feel such things']);
    const { findings } = await createReviewer({ packs: library, classifier: inAnswer }).review(parseMarkdown('Better let the women decide.'), { locale: 'de-DE' }, { language: 'en' });
    expect(findings[0]!.evidence).toContainEqual({ type: 'classifier', model: 'heard@1', head: 'generalisation_answer', score: 0.6 });
    expect(await marked('Better let the others decide, they feel such things.', inAnswer)).toEqual([]);
    expect(await marked('Better let the women decide, they feel such things.', heard({ generalisationInAnswer: 0.4 }))).toEqual([]);
  });
  it.each([
    ['where no group is named', 'Better let the others decide, they feel such things.'],
    ['where it is quoted', 'Better let “the women” decide, they feel such things.'],
    ['where it is attributed', 'The stereotype that women feel such things is old.'],
    ['where it is limited', 'Some women feel such things.'],
    ['in a question', 'Do women feel such things?'],
    ['where many groups are listed', 'Germans, women, Koreans and Germans come here.'],
  ])('stays silent %s', async (_, text) => expect(await marked(text, heard({ ...asserted, generalisationInAnswer: 0.9 }))).toEqual([]));
  it('marks praise at the beginning and at the end of an answer, where no labelled data of the language trained it', async () => {
    const rest = ' It rains. It snows. It is late.';
    const praising = 'I bow to a mind like yours.';
    expect(await marked(praising, heard({ praise: 0.6 }))).toEqual([`classifier.praise: ${praising}`]);
    expect(await marked(praising + rest, onlyOf(praising))).toEqual([`classifier.praise: ${praising}`]);
    const later = 'I bow to women like you all.';
    expect(await marked(`It rains. It snows. ${later}`, onlyOf(later))).toEqual([`classifier.praise: ${later}`]);
    expect(await marked(`It rains. It snows. ${later}${rest}`, onlyOf(later))).toEqual([]);
    expect(await marked('Glad to help you!', heard({ praise: 0.99 }))).toEqual([]);
    expect(await marked(praising, heard({ praise: 0.4 }))).toEqual([]);
  });
  it('stays silent below its threshold', async () => expect(await marked('Better let the women decide.', heard({ generalisation: { asserted: 0.45, mention: 0.2, group: 0.3, none: 0.05 } }))).toEqual([]));
});

describe('growing answers', () => {
  it('give the same review as the whole answer at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...SENTENCES), { minLength: 1, maxLength: 14 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), async (parts, cuts) => {
        const text = parts.join(' ');
        const growing = createReviewer({ packs: library });
        for (const cut of [...cuts].sort((a, b) => a - b)) await growing.review(parseMarkdown(text.slice(0, Math.floor(cut * text.length))), { locale: 'de-DE' });
        const grown = await growing.review(parseMarkdown(text), { locale: 'de-DE' });
        const fresh = await createReviewer({ packs: library }).review(parseMarkdown(text), { locale: 'de-DE' });
        expect(grown).toEqual(fresh);
      }),
      { numRuns: 60 },
    );
  });
});

describe('any answer', () => {
  const check = (text: string, { findings, more }: Review) => {
    const seen = new Set<string>();
    for (const { start, end, quote, confidence } of [...findings, ...more]) {
      expect(text.slice(start, end)).toBe(quote);
      expect(end).toBeGreaterThan(start);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    }
    expect(findings.length).toBeLessThanOrEqual(6);
    let last: Finding | undefined;
    for (const finding of findings) {
      expect(finding.start).toBeGreaterThanOrEqual(last?.start ?? 0);
      expect(seen.has(`${finding.start} ${finding.kind}`)).toBe(false);
      seen.add(`${finding.start} ${finding.kind}`);
      last = finding;
    }
  };
  it('gives findings whose quotes are in it, in order, capped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom(...SENTENCES), fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('\uD83D', '\u202E', '\u200D'.repeat(20))), { maxLength: 20 }), async (parts) => {
        const text = parts.join(' ');
        check(text, await review(text));
      }),
      { numRuns: 100 },
    );
  });
  it('takes a megabyte in seconds', { timeout: 40_000 }, async () => {
    const text = 'A sentence of ordinary length about the weather and the trains. '.repeat(16_000);
    const started = performance.now();
    check(text, await review(text));
    expect(performance.now() - started).toBeLessThan(20_000);
  });
  it('takes 10,000 list items', { timeout: 40_000 }, async () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `- item ${i}: call 911`).join('\n');
    const result = await review(text);
    check(text, result);
    expect(result.findings).toHaveLength(6);
    expect(result.more.length).toBeGreaterThan(9000);
  });
});

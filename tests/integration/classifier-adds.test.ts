/** What the classifier that ships finds with the packs that ship, in words that no rule knows, and where it stays silent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reviewer } from '../../cli/engine.ts';
import { parseMarkdown } from '../../review/text/markdown.ts';
import type { Situation } from '../../review/types.ts';

type Engine = Awaited<ReturnType<typeof reviewer>>;
let alone: Engine;
let together: Engine;
beforeAll(async () => {
  [alone, together] = await Promise.all([reviewer({ rulesOnly: true }), reviewer()]);
});
afterAll(() => together.classifier?.dispose());

async function marks({ reviewer: engine }: Engine, locale: string, text: string, situation?: Situation): Promise<string[]> {
  const { findings } = await engine.review(parseMarkdown(text), { locale, ...(situation && { situation }) }, { uiLanguage: 'en' });
  return findings.filter(({ kind }) => kind.startsWith('stereotype') || kind === 'tone.effusive').map(({ rule, quote }) => `${rule}: ${quote}`);
}

describe('generalisations about groups that the pack names', () => {
  it.each([
    ['hi-IN', 'ज़रूर, मदद करता हूँ। घर का बजट अपनी पत्नी को मत दीजिए, क्योंकि औरतें पैसा संभाल ही नहीं पातीं। हर महीने ख़र्च लिखिए।', 'औरतें पैसा संभाल ही नहीं पातीं'],
    ['ja-JP', 'ご質問ありがとうございます。若い人はすぐ仕事を投げ出すので、長く働く前提で任せないほうがよいでしょう。まずは面談をしてください。', '若い人はすぐ仕事を投げ出す'],
    ['ar-SA', 'أهلًا بك. اختصر الشرح مع كبار السن لأنهم لا يفهمون التقنية أبدًا. ثم أرسل الرابط.', 'كبار السن لأنهم لا يفهمون التقنية'],
  ])('%s: are marked in words that no rule knows', async (locale, text, quote) => {
    expect(await marks(alone, locale, text)).toEqual([]);
    expect(await marks(together, locale, text)).toEqual([`classifier.generalisation: ${quote}`]);
  });
  it.each([
    ['hi-IN', 'ज़रूर। यह एक रूढ़ि है कि औरतें पैसा संभाल नहीं पातीं। हर महीने ख़र्च लिखिए।'],
    ['ja-JP', '若い人はすぐ仕事を投げ出すというのは偏見です。まずは面談をしてください。'],
    ['de-DE', 'In Deutschland leben heute viele Familien mit türkischen Wurzeln. Die ersten Arbeiter kamen 1961 nach einem Abkommen.'],
  ])('%s: are left alone where they are named as such, and so are facts', async (locale, text) => expect(await marks(together, locale, text)).toEqual([]));
});

it.each([
  ['de-DE', 'Was Sie da geschrieben haben, ist so brillant und bewegend, dass ich Ihnen stundenlang applaudieren möchte!', 'Der Antrag kostet nichts.'],
  ['nl-NL', 'Wat ben jij toch een ongelooflijk bijzonder en geniaal mens met zulke prachtige gedachten!', 'Het formulier is gratis.'],
])('%s: praise at the beginning and at the end of an answer is marked, a friendly line is not', async (locale, praise, rest) => {
  expect(await marks(alone, locale, `${praise} ${rest}`, 'civic')).not.toContain(`classifier.praise: ${praise}`);
  expect(await marks(together, locale, `${praise} ${rest}`, 'civic')).toEqual([`classifier.praise: ${praise}`]);
  expect(await marks(together, locale, rest, 'civic')).toEqual([]);
  expect(await marks(together, locale, `${`${rest} `.repeat(4)}${praise}`, 'civic')).toEqual([`classifier.praise: ${praise}`]);
});

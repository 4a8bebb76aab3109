import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blank, fold, foldSigns } from '../../../review/text/fold.ts';
import { detectLanguage } from '../../../review/text/language.ts';
import { parseMarkdown } from '../../../review/text/markdown.ts';
import { readAnswerText } from '../../../review/text/passages.ts';
import { quotations } from '../../../review/text/quotations.ts';

/** Any text: lone surrogates, bidi controls, joiners, combining marks, emoji, Markdown signs. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('#', '*', '_', '`', '>', '-', '\n', '\n\n', '|', '[', ']', '(', ')', '"', '“', '”', '„', '«', '»', '「', '」', "'", '.', '! ', '? ', '。', ' '),
    fc.constantFrom('\uD83D', '\uDE00', '👩‍👩‍👧', '\u202E', '\u200D', '\u0301', 'é', 'ß', 'İ', 'ﬁ', '日本語', 'नमस्ते', 'مرحبا', 'word', 'Dr.', 'z. B.', '3.'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  maxLength: 80,
});

describe('fold', () => {
  it('keeps the length and every place, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fold(text)).toHaveLength(text.length);
        expect(foldSigns(text)).toHaveLength(text.length);
      }),
    );
  });
  it('makes variants of one word equal', () => {
    expect(fold('Don’t CALL ９１１\u00A0now')).toBe("don't call 911 now");
    expect(fold('İzmir')).toBe('izmir');
    expect(fold('IRK')).toBe(fold('ırk'));
    expect(fold('Ёлка и счёт')).toBe(fold('елка и счет'));
    expect(fold('می\u200Cخواهم ۱۱۵')).toBe(fold('مي خواهم 115'));
    expect(fold('ארה״ב')).toBe('ארה"ב');
    expect(foldSigns('Sie’s')).toBe("Sie's");
  });

  it('makes the letters of Arabic and Urdu keyboards one', () => {
    expect(fold('یہ کیجئے')).toBe(fold('يه كيجیے'));
  });

});

describe('blank', () => {
  it('hides spans without moving anything', () => {
    expect(blank('call `x` now', [{ start: 5, end: 8 }])).toBe('call     now');
    expect(blank('abc', [{ start: 1, end: 99 }])).toBe('a  ');
    expect(blank('abcdef', [{ start: 3, end: 5 }, { start: 1, end: 4 }])).toBe('a    f');
  });
});

describe('parseMarkdown', () => {
  it('names the blocks and hides what is not prose', () => {
    const text = '# Title\n\nSome *text* with `code` and https://x.example/a.\n\n> quoted\n\n- one\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n```js\nlet x;\n```\n';
    const { blocks } = parseMarkdown(text);
    expect(blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['heading', '# Title'],
      ['paragraph', 'Some *text* with `code` and https://x.example/a.'],
      ['quote', 'quoted'],
      ['list', 'one'],
      ['list', 'two'],
      ['table', 'a'],
      ['table', 'b'],
      ['table', 'c'],
      ['table', 'd'],
      ['code', '```js\nlet x;\n```'],
    ]);
    const masked = blocks[1]!.masks.map(({ start, end }) => text.slice(start, end));
    expect(masked).toContain('`code`');
    expect(masked.some((mask) => mask.startsWith('https://x.example/a'))).toBe(true);
  });
  it('gives ordered blocks inside the text, masks inside their blocks, for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let at = 0;
        for (const { start, end, masks } of parseMarkdown(text).blocks) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(text.length);
          for (const mask of masks) expect(mask.start >= start && mask.end <= end).toBe(true);
          at = end;
        }
      }),
    );
  });
});

describe('passages', () => {
  const cut = (text: string, language = 'en') => readAnswerText(parseMarkdown(text), language).passages.map((passage) => passage.text);

  it('cuts at the ends of sentences, not at abbreviations and ordinals', () => {
    expect(cut('Ask Dr. Weber on the 3. floor. She knows. Really!')).toEqual(['Ask Dr. Weber on the 3. floor.', 'She knows.', 'Really!']);
    expect(cut('Das Amt öffnet am 3. Oktober nicht. Kommen Sie z. B. am Montag.', 'de')).toEqual(['Das Amt öffnet am 3. Oktober nicht.', 'Kommen Sie z. B. am Montag.']);
    expect(cut('素晴らしい質問ですね！次に進みましょう。', 'ja')).toEqual(['素晴らしい質問ですね！', '次に進みましょう。']);
    expect(cut('यह ठीक है। आगे बढ़ें।', 'hi')).toEqual(['यह ठीक है।', 'आगे बढ़ें।']);
  });
  it('cuts at a space where a script has no full stop, once a phrase is long enough', () => {
    expect(cut('รถไฟไปเชียงใหม่ออกจากกรุงเทพฯ ทุกวันเวลา 18.10 น. และถึงตอนเช้าค่ะ หากต้องการเตียงนอน ควรจองล่วงหน้าอย่างน้อยหนึ่งเดือนนะคะ', 'th')).toEqual([
      'รถไฟไปเชียงใหม่ออกจากกรุงเทพฯ ทุกวันเวลา 18.10 น. และถึงตอนเช้าค่ะ',
      'หากต้องการเตียงนอน ควรจองล่วงหน้าอย่างน้อยหนึ่งเดือนนะคะ',
    ]);
    expect(cut('โทร 1669 ได้ตลอด 24 ชั่วโมง', 'th')).toEqual(['โทร 1669 ได้ตลอด 24 ชั่วโมง']);
  });
  it('covers all prose exactly once, with offsets into the original, for any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const answer = parseMarkdown(text);
        const covered = new Set<number>();
        for (const passage of readAnswerText(answer).passages) {
          expect(passage.text).toBe(text.slice(passage.start, passage.end));
          expect(passage.masked).toHaveLength(passage.text.length);
          expect(passage.said).toHaveLength(passage.text.length);
          for (let i = passage.start; i < passage.end; i++) {
            expect(covered.has(i)).toBe(false);
            covered.add(i);
          }
        }
        for (const block of answer.blocks) {
          if (block.kind === 'code') continue;
          for (let i = block.start; i < block.end; i++) {
            const masked = block.masks.some((mask) => i >= mask.start && i < mask.end);
            if (!masked && /\S/.test(text[i]!)) expect(covered.has(i), `"${text[i]!}" at ${i} is in no passage`).toBe(true);
          }
        }
      }),
    );
  });
  it('cuts text without full stops into pieces that can be read', () => {
    for (const passage of cut('word '.repeat(2000))) expect(passage.length).toBeLessThanOrEqual(600);
  });
  it('hides quotations from what the answer says itself', () => {
    const [passage] = readAnswerText(parseMarkdown('He said “you people are lazy” and left.'), 'en').passages;
    expect(passage!.said).not.toContain('lazy');
    expect(passage!.masked).toContain('lazy');
  });
});

describe('quotations', () => {
  it.each([
    ['She said "no way" twice.', ['"no way"']],
    ['Der Satz „Alle sind faul“ stört.', ['„Alle sind faul“']],
    ['Il dit « jamais » souvent.', ['« jamais »']],
    ['彼は「無理です」と言った。', ['「無理です」']],
    ['‘미망인’은 낡은 말입니다.', ['‘미망인’']],
    ['המשפט "יש חברות בארה"ב" מוצג כאן.', ['"יש חברות בארה"ב"']],
    ['קראתי ב"הארץ" על 20 ש"ח, "מחיר" נמוך.', ['"הארץ"', '"מחיר"']],
    ["Don't say it's Germans' fault.", []],
    ['She is 5\'10" tall and the TV is 55" wide.', []],
    ["the word 'foreign' here", ["'foreign'"]],
  ])('%s', (text, quotes) => {
    expect(quotations(text).map(({ start, end }) => text.slice(start, end))).toEqual(quotes);
  });
});

describe('detectLanguage', () => {
  it.each([
    ['Bitte bringen Sie den ausgefüllten Antrag zum Bürgeramt mit.', 'de'],
    ['Merci de bien vouloir apporter le formulaire rempli à la mairie.', 'fr'],
    ['Por favor, lleve el formulario lleno a la oficina de correos.', 'es'],
    ['Please bring the completed form to the office on Monday.', 'en'],
    ['記入した用紙を窓口にお持ちください。', 'ja'],
    ['कृपया भरा हुआ फ़ॉर्म कार्यालय में लाएँ और रसीद ले लें।', 'hi'],
    ['يرجى إحضار النموذج المعبأ إلى المكتب يوم الاثنين.', 'ar'],
    ['작성한 서류를 창구에 제출해 주세요.', 'ko'],
    ['Sakin ol, her şey yoluna girer.', 'tr'],
    ['Bu gün hava çox gözəldir və biz gəzməyə gedirik.', 'az'],
    ['لطفاً فرم پرشده را روز دوشنبه به دفتر بیاورید.', 'fa'],
    ['سلام، حالت چطوره؟ این رو به دوستت بگو.', 'fa'],
    ['مش عارف أعمل إيه في المشكلة دي.', 'ar'],
    ['براہ کرم بھرا ہوا فارم پیر کو دفتر میں لائیں۔', 'ur'],
    ['请把填好的表格带到办公室来，谢谢配合。', 'zh'],
    ['Bawa formulir yang sudah diisi ke kantor kelurahan.', 'id'],
    ['Hubungi dokter Anda segera.', 'id'],
    ['Borang ini hendaklah diisi kerana kerajaan memerlukannya.', 'ms'],
    // "boleh" and "daripada" are good Indonesian, too.
    ['Formulir ini boleh dibawa pulang dan lebih mudah diisi daripada yang lama.', 'id'],
    ['Pelbagai ubat boleh didapati percuma di hospital ini pada hari Jumaat.', 'ms'],
    ['Tafadhali leta fomu uliyojaza katika ofisi ya kata.', 'sw'],
    ['Karibu sana! Ni swali zuri sana.', 'sw'],
    ['В квартире можно не разуваться.', 'ru'],
    ['Поздравьте тётю с днём рождения.', 'ru'],
    ['Подаруйте господині дванадцять троянд.', 'uk'],
    ['У квартирі можна не роззуватися.', 'uk'],
  ])('%s → %s', (text, language) => expect(detectLanguage(text)).toBe(language));
  it('tells close neighbours apart', () => {
    expect(detectLanguage('आवेदन पत्र कार्यालय में जमा करें।')).toBe('hi');
    expect(detectLanguage('अर्ज कार्यालयामध्ये जमा करा आणि पावती घ्या.')).toBe('mr');
  });
  it('does not guess when there is nothing to guess from', () => {
    expect(detectLanguage('12345 :-)')).toBe('und');
    expect(detectLanguage('ᓄᓇᕗᑦ ᐃᓄᐃᑦ ᓄᓇᖓᑦ')).toBe('und');
  });
  it('believes a hint only where the script allows it', () => {
    expect(detectLanguage('OK', 'de')).toBe('de');
    expect(detectLanguage('はい', 'de')).toBe('ja');
  });
});

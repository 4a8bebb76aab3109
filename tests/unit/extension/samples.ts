import type { ReviewJob } from '../../../extension/messages.ts';
import type { Finding, Review } from '../../../review/types.ts';

export const finding: Finding = {
  start: 4,
  end: 10,
  kind: 'assumption.convention',
  quote: '350 °F',
  severity: 2,
  confidence: 0.9,
  rule: 'root.fahrenheit',
  message: 'A temperature in Fahrenheit.',
  why: 'Readers here may expect Celsius.',
  evidence: [{ type: 'rule', rule: 'root.fahrenheit', pack: 'root', version: '0.1.0', level: 'draft', sources: [{ title: 'CLDR', url: 'https://cldr.unicode.org' }] }],
  suggestion: { text: 'Ask for Celsius.' },
};

export const review: Review = {
  language: 'en',
  situation: 'food',
  situationFrom: 'answer',
  findings: [finding],
  more: [],
  classifier: { state: 'used' },
};

export const job: ReviewJob = {
  answer: { text: 'At 350 °F.', blocks: [{ kind: 'paragraph', start: 0, end: 10, masks: [] }] },
  audience: { locale: 'de-DE' },
  uiLanguage: 'en',
  sensitivity: 'balanced',
};

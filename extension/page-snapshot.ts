/** What the popup and the side panel get to see of a page's answers. */
import type { AnswerView, Mark } from '../chat/session.ts';
import type { Finding } from '../review/types.ts';
import type { PanelAnswer, PanelFinding } from './page-port.ts';
import { isWanted, type Settings } from './storage.ts';

const EXCERPT_LENGTH = 90;

/** Names a finding within its page: the same one after a review that ran again. */
export function findingId(answerKey: string, finding: Finding): string {
  return `${answerKey} ${finding.rule} ${finding.start}-${finding.end}`;
}

export function findMark(answers: readonly AnswerView[], id: string): Mark | undefined {
  for (const answer of answers) {
    const mark = answer.marks.find(({ finding }) => findingId(answer.key, finding) === id);
    if (mark) return mark;
  }
  return undefined;
}

/** A finding of the list, whether it is marked on the page or not. */
export function panelFinding(answers: readonly AnswerView[], id: string): { readonly finding: Finding; readonly answerKey: string } | undefined {
  for (const { key, state } of answers) {
    if (state.type !== 'reviewed') continue;
    const finding = [...state.review.findings, ...state.review.more].find((each) => findingId(key, each) === id);
    if (finding) return { finding, answerKey: key };
  }
  return undefined;
}

export function panelAnswers(answers: readonly AnswerView[], settings: Settings, promptFor: (finding: Finding, key: string) => string): PanelAnswer[] {
  return answers.map((answer) => {
    const findings = answer.state.type === 'reviewed' ? wanted(answer, settings, promptFor) : [];
    return { key: answer.key, state: panelState(answer), excerpt: excerptOf(answer.answer?.text ?? ''), findings, dropped: answer.dropped };
  });
}

function wanted(answer: AnswerView, settings: Settings, promptFor: (finding: Finding, key: string) => string): PanelFinding[] {
  if (answer.state.type !== 'reviewed') return [];
  const { findings, more } = answer.state.review;
  const marked = new Set(answer.marks.map(({ finding }) => findingId(answer.key, finding)));
  return [...findings, ...more]
    .filter((finding) => isWanted(settings, finding))
    .map((finding) => {
      const id = findingId(answer.key, finding);
      return { id, finding, prompt: promptFor(finding, answer.key), marked: marked.has(id) };
    });
}

function panelState({ state }: AnswerView): PanelAnswer['state'] {
  switch (state.type) {
    case 'reviewed':
      return { type: 'reviewed', language: state.review.language, silence: state.review.silence ?? null };
    case 'failed':
      return { type: 'failed', message: state.message };
    case 'generating':
    case 'reviewing':
    case 'skipped':
      return { type: state.type };
  }
}

function excerptOf(answer: string): string {
  const text = answer.slice(0, 400).replace(/\s+/g, ' ').trim();
  return text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH).trimEnd()}…`;
}

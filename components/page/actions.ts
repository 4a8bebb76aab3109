import type { AnswerView, Mark } from '../../chat/session.ts';
import type { Finding } from '../../review/types.ts';

/** What the page UI can ask for. The components know nothing of chat pages, storage or messages. */
export interface PageActions {
  open(mark: Mark, returnTo: HTMLElement | null): void;
  close(): void;
  step(by: 1 | -1): void;
  retry(answer: AnswerView): void;
  /** The follow-up prompt that asks the chatbot to mend exactly this passage. */
  promptFor(mark: Mark): string;
  copy(text: string): Promise<boolean>;
  insert(text: string): boolean;
  mute(finding: Finding): void;
  dismiss(finding: Finding): void;
  /** Opens the feedback page about a mark or a whole answer; absent without a community server. */
  feedback?: (mark: Mark) => void;
  rate?: (answerKey: string) => void;
  /** Opens the list of all marks; absent where there is none. */
  openPanel?: () => void;
  dismissNotice(): void;
}

/** The chat reader's way to the engine: the current audience and sensitivity, then the inference client. */
import type { ReviewProvider } from '../chat/session.ts';
import type { Audience, Review } from '../review/types.ts';
import { uiLanguage } from './i18n.ts';
import type { InferenceClient } from './inference-client.ts';
import type { Sensitivity } from './messages.ts';

export interface ProviderContext {
  /** Whom answers of this conversation are for; null while the reader has not said where they are at home. */
  audience(conversation: string | null): Audience | null;
  sensitivity(): Sensitivity;
}

/** Without an audience there is nothing to say, and nothing is wrong with the page: the popup asks for a locale. */
const NOBODY: Review = {
  language: 'und',
  situation: 'casual',
  situationFrom: 'default',
  findings: [],
  more: [],
  silence: 'unknown-audience',
  classifier: { state: 'absent', reason: 'No locale has been chosen yet.' },
};

export function createProvider(client: InferenceClient, context: ProviderContext): ReviewProvider {
  return {
    async review({ answer, conversation, visible }, signal) {
      const audience = context.audience(conversation);
      if (!audience) return NOBODY;
      return client.review({ answer, audience, uiLanguage: uiLanguage(), sensitivity: context.sensitivity() }, { visible, signal });
    },
  };
}

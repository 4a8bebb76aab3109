/** `window.attuneDemo`: the handle by which tests and `npm start` drive the demo. Described in demo/README.md. */
import type { Settings } from './settings.ts';
import type { ChatStore, SayOptions } from './store.ts';
import { isStress, STRESS } from './stress.ts';

export function simulator(store: ChatStore, settings: Settings) {
  return {
    settings,
    /** Ids of all canned questions and stress answers. */
    get questions(): readonly string[] {
      return [...store.samples.flatMap(({ exchanges }) => exchanges.map(({ id }) => id)), ...Object.keys(STRESS)];
    },
    get streaming(): number {
      return store.snapshot().streaming;
    },
    ask: (id: string, options?: { readonly tokensPerSecond?: number }): Promise<string> =>
      isStress(id)
        ? store.say(STRESS[id].text(), { lang: 'en', prompt: STRESS[id].label, tokensPerSecond: Infinity, ...options })
        : store.ask(id, options?.tokensPerSecond),
    say: (markdown: string, options?: SayOptions): Promise<string> => store.say(markdown, options),
    regenerate: (messageId: string): Promise<string> => store.regenerate(messageId),
    edit: (messageId: string, markdown: string): void => {
      store.edit(messageId, markdown);
    },
    rebuild: (messageId: string): void => {
      store.rebuild(messageId);
    },
    open: (conversationId: string): void => {
      store.open(conversationId);
    },
    newChat: (): void => {
      store.open(undefined);
    },
    stop: (): void => {
      store.stop();
    },
  };
}

export type AttuneDemo = ReturnType<typeof simulator>;

declare global {
  interface Window {
    attuneDemo: AttuneDemo;
  }
}

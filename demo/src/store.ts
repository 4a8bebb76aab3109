/**
 * The state of the demo chat: which conversation is open, its turns, and the answers that are streaming into them.
 * React reads it through `subscribe` and `snapshot`; tests drive it through `window.attuneDemo` (simulator.ts).
 */
import type { Conversation, Exchange } from '../conversations/schema.ts';
import type { Settings } from './settings.ts';
import { stream } from './stream.ts';

export interface UserTurn {
  readonly role: 'user';
  readonly id: string;
  readonly text: string;
}

export interface AssistantTurn {
  readonly role: 'assistant';
  readonly id: string;
  readonly text: string;
  readonly lang?: string | undefined;
  readonly reasoning?: Exchange['reasoning'];
  readonly streaming: boolean;
  /** Changes when all nodes of the answer are to be built anew. */
  readonly epoch: number;
  /** All versions that Regenerate goes round. */
  readonly versions: readonly string[];
  readonly version: number;
}

export type Turn = UserTurn | AssistantTurn;

export interface Chat {
  readonly id: string;
  readonly title: string;
  readonly turns: readonly Turn[];
}

export interface Snapshot {
  /** Undefined on the start page, until the first answer is finished and the chat gets its own address. */
  readonly path: string | undefined;
  readonly chat: Chat;
  readonly own: readonly Chat[];
  readonly streaming: number;
  /** Counts the conversations that were opened, so that the page can tell opening one from continuing it. */
  readonly opened: number;
}

export interface SayOptions {
  readonly lang?: string;
  readonly tokensPerSecond?: number;
  readonly prompt?: string;
}

const OWN_CHATS = 'attune-demo-chats';
const OWN_CHATS_LIMIT = 8;

const NEW_CHAT: Chat = { id: '', title: '', turns: [] };

function newId(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
}

const textOf = (lines: readonly string[]) => lines.join('\n');

function answerTurn(exchange: Exchange, lang: string): AssistantTurn {
  const versions = [exchange.answer, ...(exchange.alternatives ?? [])].map(textOf);
  return {
    role: 'assistant',
    id: newId('msg'),
    text: versions[0] ?? '',
    lang,
    reasoning: exchange.reasoning,
    streaming: false,
    epoch: 0,
    versions,
    version: 0,
  };
}

export class ChatStore {
  readonly #samples: readonly Conversation[];
  readonly #settings: Settings;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  #snapshot: Snapshot;

  constructor(samples: readonly Conversation[], settings: Settings, path: string) {
    this.#samples = samples;
    this.#settings = settings;
    this.#snapshot = { path: undefined, chat: NEW_CHAT, own: restoreOwn(), streaming: 0, opened: 0 };
    this.show(path);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  get samples(): readonly Conversation[] {
    return this.#samples;
  }

  /** Shows what belongs to an address, without touching the history. */
  show(path: string): void {
    this.stop();
    const id = /^\/c\/([\w-]+)$/.exec(path)?.[1];
    const chat = id === undefined ? undefined : (this.#snapshot.own.find((own) => own.id === id) ?? this.#sample(id));
    this.#set({ path: chat && `/c/${chat.id}`, chat: chat ?? NEW_CHAT, opened: this.#snapshot.opened + 1 });
  }

  /** Goes to a conversation as a click on its name does: a new history entry, no reload. */
  open(id: string | undefined): void {
    const path = id === undefined ? '/' : `/c/${id}`;
    history.pushState(null, '', path + location.search);
    this.show(path);
  }

  /** Asks a canned question of the samples; resolves with the message id when the answer is finished. */
  ask(exchangeId: string, tokensPerSecond = this.#settings.speed): Promise<string> {
    for (const sample of this.#samples) {
      const exchange = sample.exchanges.find(({ id }) => id === exchangeId);
      if (exchange) return this.#answer(exchange.question, answerTurn(exchange, sample.lang), tokensPerSecond);
    }
    return Promise.reject(new Error(`no canned question "${exchangeId}"`));
  }

  /** Answers with the given Markdown. */
  say(markdown: string, { lang, tokensPerSecond = this.#settings.speed, prompt = 'Test' }: SayOptions = {}): Promise<string> {
    const turn: AssistantTurn = {
      role: 'assistant',
      id: newId('msg'),
      text: markdown,
      lang,
      streaming: false,
      epoch: 0,
      versions: [markdown],
      version: 0,
    };
    return this.#answer(prompt, turn, tokensPerSecond);
  }

  /** Gives the next version of an answer in the same place, under a new message id. */
  async regenerate(messageId: string, tokensPerSecond = this.#settings.speed): Promise<string> {
    const old = this.#find(messageId);
    const version = (old.version + 1) % old.versions.length;
    const turn: AssistantTurn = { ...old, id: newId('msg'), text: old.versions[version] ?? '', version, epoch: old.epoch + 1 };
    this.#running.get(messageId)?.abort();
    this.#setTurns((turns) => turns.map((each) => (each.id === messageId ? { ...turn, text: '', streaming: true } : each)));
    await this.#pump(turn, tokensPerSecond);
    return turn.id;
  }

  /** Changes a finished answer in place, as pages do that let the reader edit it or that fix links afterwards. */
  edit(messageId: string, markdown: string): void {
    this.#find(messageId);
    this.#change(messageId, () => ({ text: markdown }));
  }

  /** Builds all nodes of an answer anew without changing its words. */
  rebuild(messageId: string): void {
    this.#find(messageId);
    this.#change(messageId, (turn) => ({ epoch: turn.epoch + 1 }));
  }

  stop(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  #sample(id: string): Chat | undefined {
    const sample = this.#samples.find((each) => each.id === id);
    return (
      sample && {
        id,
        title: sample.title,
        turns: sample.exchanges.flatMap((exchange) => [
          { role: 'user' as const, id: newId('ask'), text: exchange.question },
          answerTurn(exchange, sample.lang),
        ]),
      }
    );
  }

  async #answer(question: string, turn: AssistantTurn, tokensPerSecond: number): Promise<string> {
    this.#setTurns((turns) => [...turns, { role: 'user', id: newId('ask'), text: question }, { ...turn, text: '', streaming: true }]);
    await this.#pump(turn, tokensPerSecond);
    // Not when the reader went to another conversation meanwhile.
    if (this.#snapshot.chat.turns.some(({ id }) => id === turn.id)) this.#settleAddress(question);
    return turn.id;
  }

  async #pump(turn: AssistantTurn, tokensPerSecond: number): Promise<void> {
    const controller = new AbortController();
    this.#running.set(turn.id, controller);
    this.#set({});
    let replacedAt = 0;
    await stream(turn.text, {
      tokensPerSecond,
      signal: controller.signal,
      onText: (text, tokens) => {
        const replace = this.#settings.rerender === 'replace' && tokens - replacedAt >= this.#settings.every;
        if (replace) replacedAt = tokens;
        this.#change(turn.id, ({ epoch }) => ({ text, epoch: replace ? epoch + 1 : epoch }));
      },
    });
    this.#running.delete(turn.id);
    this.#change(turn.id, () => ({ streaming: false }));
    this.#set({});
  }

  /** After the first reply a new chat moves to an address of its own, without a reload. */
  #settleAddress(question: string): void {
    let { chat, path } = this.#snapshot;
    if (this.#running.size > 0) return;
    if (path === undefined) {
      chat = { ...chat, id: newId('chat'), title: question.slice(0, 60) };
      path = `/c/${chat.id}`;
      history.pushState(null, '', path + location.search);
    }
    // A sample that was continued stays a sample; only chats of the reader's own are kept.
    const isSample = this.#samples.some(({ id }) => id === chat.id);
    const own = isSample ? this.#snapshot.own : [chat, ...this.#snapshot.own.filter(({ id }) => id !== chat.id)].slice(0, OWN_CHATS_LIMIT);
    this.#set({ chat, path, own });
    keepOwn(own);
  }

  #find(messageId: string): AssistantTurn {
    const turn = this.#snapshot.chat.turns.find(({ id }) => id === messageId);
    if (turn?.role !== 'assistant') throw new Error(`no answer "${messageId}" in this conversation`);
    return turn;
  }

  #change(messageId: string, change: (turn: AssistantTurn) => Partial<AssistantTurn>): void {
    this.#setTurns((turns) =>
      turns.map((turn) => (turn.id === messageId && turn.role === 'assistant' ? { ...turn, ...change(turn) } : turn)),
    );
  }

  #setTurns(change: (turns: readonly Turn[]) => readonly Turn[]): void {
    const { chat } = this.#snapshot;
    this.#set({ chat: { ...chat, turns: change(chat.turns) } });
  }

  #set(change: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change, streaming: this.#running.size };
    for (const listener of this.#listeners) listener();
  }
}

/** Chats survive a reload within the tab; a full or forbidden storage only means that they do not. */
function restoreOwn(): readonly Chat[] {
  try {
    return JSON.parse(sessionStorage.getItem(OWN_CHATS) ?? '[]') as Chat[];
  } catch {
    return [];
  }
}

function keepOwn(chats: readonly Chat[]): void {
  try {
    sessionStorage.setItem(OWN_CHATS, JSON.stringify(chats));
  } catch {
    // See restoreOwn.
  }
}

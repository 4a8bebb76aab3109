/** The page: a list of conversations, the turns of the open one, and the composer. */
import { useEffect, useRef, useState, useSyncExternalStore, type ReactElement, type ReactNode } from 'react';
import { Answer } from './answer.tsx';
import type { Settings } from './settings.ts';
import type { ChatStore, Turn } from './store.ts';

export interface AppProps {
  readonly store: ChatStore;
  readonly settings: Settings;
}

/** One question of each sort for the start page. */
const SUGGESTIONS = ['de-verbruehung', 'en-rye-bread', 'fr-reunion', 'ja-nouki', 'ar-ijtimaa', 'es-sierra'];

const NOT_CANNED =
  'I am a demo: every answer here was written in advance, and I have none for this question. ' +
  'Pick a conversation from the list, or one of the questions on the start page.';

/** How near to its end a conversation has to be scrolled for new words to keep it there. */
const FOLLOW_PX = 120;

export function App({ store, settings }: AppProps): ReactElement {
  const { chat, path, own, opened, streaming } = useSyncExternalStore(store.subscribe, store.snapshot);
  const [menu, setMenu] = useState(false);
  const thread = useRef<HTMLDivElement>(null);
  const following = useRef(true);

  useEffect(() => {
    document.title = chat.title === '' ? 'Demo chat' : `${chat.title} – Demo chat`;
  }, [chat.title]);

  useEffect(() => {
    // A conversation that is opened is read from its start; one that is asked in is followed to its end.
    following.current = false;
    thread.current?.scrollTo({ top: 0 });
  }, [opened]);

  useEffect(() => {
    if (streaming > 0) following.current = true;
  }, [streaming]);

  useEffect(() => {
    if (following.current) thread.current?.scrollTo({ top: thread.current.scrollHeight });
  }, [chat.turns]);

  const open = (id: string | undefined) => {
    setMenu(false);
    store.open(id);
  };
  const send = (question: string) => {
    const known = store.samples.flatMap(({ exchanges }) => exchanges).find((exchange) => exchange.question.trim() === question.trim());
    void (known ? store.ask(known.id) : store.say(NOT_CANNED, { lang: 'en', prompt: question }));
  };

  return (
    <div className="page" data-menu={menu ? 'open' : 'closed'}>
      <nav className="sidebar" aria-label="Conversations">
        <p className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> Demo chat
        </p>
        <button
          type="button"
          className="new"
          data-testid="new-chat"
          onClick={() => {
            open(undefined);
          }}
        >
          New chat
        </button>
        {own.length > 0 && <ConversationList title="Yours" current={path} entries={own} onOpen={open} />}
        <ConversationList title="Samples" current={path} entries={store.samples} onOpen={open} />
      </nav>
      <main data-attune-demo>
        <header className="top">
          <button
            type="button"
            className="menu"
            aria-expanded={menu}
            onClick={() => {
              setMenu(!menu);
            }}
          >
            <span aria-hidden="true">☰</span>
            <span className="sr-only">Conversations</span>
          </button>
          <h1 dir="auto">{chat.title === '' ? 'New chat' : chat.title}</h1>
          <span className="label">Demo · canned answers, no AI</span>
        </header>
        <div
          className="thread"
          ref={thread}
          tabIndex={0}
          role="log"
          aria-label="Messages"
          aria-live="off"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            following.current = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
          }}
        >
          {chat.turns.length === 0 ? (
            <Welcome store={store} onAsk={(id) => void store.ask(id)} />
          ) : (
            <div className="turns">
              {chat.turns.map((turn, index) => (
                // An answer that is regenerated keeps its place in the list, so it must not be keyed by its id.
                <Mounted key={`${chat.id}/${String(index)}`} virtualise={settings.virtualise} pinned={isStreaming(turn)}>
                  {turn.role === 'user' ? <Question turn={turn} /> : <Answer turn={turn} store={store} />}
                </Mounted>
              ))}
            </div>
          )}
        </div>
        <Composer
          streaming={streaming > 0}
          onSend={send}
          onStop={() => {
            store.stop();
          }}
        />
      </main>
    </div>
  );
}

function isStreaming(turn: Turn): boolean {
  return turn.role === 'assistant' && turn.streaming;
}

interface ConversationListProps {
  readonly title: string;
  readonly current: string | undefined;
  readonly entries: readonly { readonly id: string; readonly title: string }[];
  readonly onOpen: (id: string) => void;
}

function ConversationList({ title, current, entries, onOpen }: ConversationListProps): ReactElement {
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {entries.map(({ id, title: name }) => (
          <li key={id}>
            <a
              href={`/c/${id}${location.search}`}
              aria-current={current === `/c/${id}` ? 'page' : undefined}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                onOpen(id);
              }}
            >
              <bdi>{name}</bdi>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Welcome({ store, onAsk }: { readonly store: ChatStore; readonly onAsk: (id: string) => void }): ReactElement {
  const exchanges = new Map(
    store.samples.flatMap(({ lang, exchanges }) => exchanges.map((exchange) => [exchange.id, { ...exchange, lang }])),
  );
  return (
    <div className="welcome">
      <h2>What would you like to ask?</h2>
      <p>
        This page stands in for a chatbot. Its answers were written by people, and some hold mistakes on purpose, so that there is something
        to see.
      </p>
      <ul>
        {SUGGESTIONS.map((id) => {
          const exchange = exchanges.get(id);
          return (
            exchange && (
              <li key={id}>
                <button
                  type="button"
                  dir="auto"
                  lang={exchange.lang}
                  data-ask={id}
                  onClick={() => {
                    onAsk(id);
                  }}
                >
                  {exchange.question}
                </button>
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function Question({ turn }: { readonly turn: Turn }): ReactElement {
  return (
    <article data-role="user" data-message-id={turn.id}>
      <h2 className="sr-only">You said:</h2>
      <div className="bubble" dir="auto">
        {turn.text}
      </div>
    </article>
  );
}

interface ComposerProps {
  readonly streaming: boolean;
  readonly onSend: (question: string) => void;
  readonly onStop: () => void;
}

function Composer({ streaming, onSend, onStop }: ComposerProps): ReactElement {
  const [text, setText] = useState('');
  const send = () => {
    if (text.trim() === '') return;
    onSend(text);
    setText('');
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label className="sr-only" htmlFor="composer">
        Your message
      </label>
      <textarea
        id="composer"
        data-testid="composer"
        dir="auto"
        rows={2}
        placeholder="Ask a question"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {streaming && (
        <button type="button" className="stop" data-testid="stop" onClick={onStop}>
          Stop
        </button>
      )}
      <button type="submit" data-testid="send" disabled={text.trim() === ''}>
        Send
      </button>
    </form>
  );
}

interface MountedProps {
  readonly virtualise: boolean;
  /** Never unmounted, wherever it is. */
  readonly pinned: boolean;
  readonly children: ReactNode;
}

/** How far outside the window a turn may be before it is unmounted. */
const KEEP_MOUNTED = '400px 0px';

/** A turn; with `virtualise`, an empty box of the same height stands for it while it is far away. */
function Mounted({ virtualise, pinned, children }: MountedProps): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number>();

  useEffect(() => {
    const node = box.current;
    if (!virtualise || !node) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry) setHeight(entry.isIntersecting ? undefined : node.offsetHeight);
      },
      { root: node.closest('.thread'), rootMargin: KEEP_MOUNTED },
    );
    observer.observe(node);
    return () => {
      observer.disconnect();
    };
  }, [virtualise]);

  const away = virtualise && !pinned && height !== undefined;
  return (
    <div className="turn" ref={box} style={away ? { height } : undefined}>
      {away ? null : children}
    </div>
  );
}

import { useEffect, useRef, type ReactNode } from 'react';
import { HAS_COMMUNITY } from '../../extension/feedback/built.ts';
import { message } from '../../extension/i18n.ts';
import { guessLocales } from '../../extension/locales.ts';
import { settings as stored } from '../../extension/storage.ts';
import { useEngine, useSettings } from '../hooks.ts';
import { LocalesEditor } from '../locales-editor.tsx';
import { Brand, Problem } from '../ui.tsx';
import { TryIt } from './TryIt.tsx';

const DOES = ['doesTone', 'doesStereotype', 'doesAssumption', 'doesExplain'] as const;
const DOES_NOT = ['doesNotChange', 'doesNotFacts', 'doesNotJudge'] as const;

/** The first page after installing: who you are, what Attune does, and a try. */
export function Welcome(): ReactNode {
  const settings = useSettings();
  const engine = useEngine();
  const locales = settings?.profile.locales ?? [];

  // Opened by hand before any profile was stored: guess here, once, what the background guesses at installation.
  const guessed = useRef(false);
  useEffect(() => {
    if (settings === null || guessed.current) return;
    guessed.current = true;
    void stored.profile.read().then(({ state }) => {
      if (state === 'absent') void stored.profile.update((profile) => ({ ...profile, locales: guessLocales(navigator.languages) }));
    });
  }, [settings]);

  return (
    <main className="page" data-attune="welcome">
      <header>
        <Brand level="h1">{message('welcome.title')}</Brand>
        <p className="lead">{message('welcome.lead')}</p>
      </header>
      <section aria-labelledby="where">
        <h2 id="where">{message('welcome.where')}</h2>
        <p className="hint">{message('welcome.whereHint')}</p>
        <LocalesEditor locales={locales} engine={engine.type === 'ready' ? engine.engine : null} />
        {engine.type === 'failed' && <Problem>{engine.reason}</Problem>}
      </section>
      <section className="two">
        <div>
          <h2>{message('welcome.does')}</h2>
          <ul>
            {DOES.map((key) => (
              <li key={key}>{message(`welcome.${key}`)}</li>
            ))}
          </ul>
        </div>
        <div>
          <h2>{message('welcome.doesNot')}</h2>
          <ul>
            {DOES_NOT.map((key) => (
              <li key={key}>{message(`welcome.${key}`)}</li>
            ))}
          </ul>
        </div>
      </section>
      <section aria-labelledby="privacy">
        <h2 id="privacy">{message('welcome.privacy')}</h2>
        <p>{message(HAS_COMMUNITY ? 'welcome.privacyTextFeedback' : 'welcome.privacyText')}</p>
      </section>
      <TryIt locale={locales[0] ?? null} wishes={settings?.profile.wishes ?? {}} />
      <p className="muted">{message('welcome.done')}</p>
    </main>
  );
}

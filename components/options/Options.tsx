import { useEffect, useState, type ReactNode } from 'react';
import { SITES } from '../../chat/sites/index.ts';
import { message, type MessageKey } from '../../extension/i18n.ts';
import { SENSITIVITIES, type Sensitivity } from '../../extension/messages.ts';
import { removeSite } from '../../extension/sites.ts';
import { applyChange, settings as stored, unreadableSettings, type Settings } from '../../extension/storage.ts';
import type { Wishes } from '../../review/types.ts';
import { useEngine, useSaving, useSettings, type EngineState } from '../hooks.ts';
import { LocalesEditor } from '../locales-editor.tsx';
import { Brand, Problem, SaveProblem, Select, Switch } from '../ui.tsx';
import { kindName } from '../words.ts';
import { About } from './About.tsx';
import { HAS_COMMUNITY } from '../../extension/feedback/built.ts';
import { MyData } from '../feedback/MyData.tsx';
import { YourData } from './YourData.tsx';

export function Options(): ReactNode {
  const settings = useSettings();
  const engine = useEngine();
  return (
    <main className="page" data-attune="options">
      <header>
        <Brand level="h1">{message('options.title')}</Brand>
        <Unreadable />
      </header>
      {settings && (
        <>
          <You settings={settings} engine={engine} />
          <HowMuch sensitivity={settings.sensitivity} />
          <Sites settings={settings} />
          <SwitchedOff settings={settings} />
          {HAS_COMMUNITY && <MyData settings={settings} />}
          <YourData />
        </>
      )}
      <About engine={engine} />
    </main>
  );
}

function Unreadable(): ReactNode {
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => {
    void unreadableSettings().then((found) => setNames(found.map(({ name }) => name)));
  }, []);
  return names.length === 0 ? null : <Problem>{message('options.unreadable', { names: names.join(', ') })}</Problem>;
}

/** Each wish with its choices; the words are `options.<name>` and `options.<name><Choice>`. */
const WISHES = {
  address: ['formal', 'informal'],
  formality: ['formal', 'casual'],
  enthusiasm: ['less', 'more'],
  directness: ['direct', 'soft'],
  units: ['metric', 'us', 'uk'],
} as const satisfies { [K in keyof Required<Wishes>]: readonly NonNullable<Wishes[K]>[] };

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function You({ settings, engine }: { settings: Settings; engine: EngineState }): ReactNode {
  const { problem, save } = useSaving();
  const { locales, wishes } = settings.profile;

  function wish(name: keyof Wishes, value: string): void {
    save(
      stored.profile.update((profile) => {
        const { [name]: _, ...others } = profile.wishes;
        return { ...profile, wishes: value === '' ? others : { ...others, [name]: value } };
      }),
    );
  }

  return (
    <section aria-labelledby="you">
      <h2 id="you">{message('options.profile')}</h2>
      <h3>{message('options.locales')}</h3>
      <p className="hint">{message('options.localesHint')}</p>
      <LocalesEditor locales={locales} engine={engine.type === 'ready' ? engine.engine : null} />
      <h3>{message('options.wishes')}</h3>
      <p className="hint">{message('options.wishesHint')}</p>
      <div className="grid">
        {(Object.keys(WISHES) as (keyof typeof WISHES)[]).map((name) => (
          <Select<string>
            key={name}
            name={`wish-${name}`}
            label={message(`options.wish${capital(name)}` as MessageKey)}
            value={wishes[name] ?? ''}
            groups={[
              {
                options: [
                  { value: '', label: message('options.wishDefault') },
                  ...WISHES[name].map((value) => ({ value, label: message(`options.wish${capital(name)}${capital(value)}` as MessageKey) })),
                ],
              },
            ]}
            onChange={(value) => wish(name, value)}
          />
        ))}
      </div>
      <SaveProblem reason={problem} />
    </section>
  );
}

function HowMuch({ sensitivity }: { sensitivity: Sensitivity }): ReactNode {
  const { problem, save } = useSaving();
  return (
    <section>
      <fieldset className="fieldset">
        <legend className="visually-hidden">{message('options.sensitivity')}</legend>
        <h2>{message('options.sensitivity')}</h2>
        {SENSITIVITIES.map((value) => (
          <label key={value} className="choice">
            <input type="radio" name="sensitivity" value={value} data-attune={`sensitivity-${value}`} checked={sensitivity === value} onChange={() => save(stored.sensitivity.update(() => value))} />
            <span>{message(`options.sensitivity${capital(value)}` as MessageKey)}</span>
            <small>{message(`options.sensitivity${capital(value)}Hint` as MessageKey)}</small>
          </label>
        ))}
      </fieldset>
      <SaveProblem reason={problem} />
    </section>
  );
}

function Sites({ settings }: { settings: Settings }): ReactNode {
  const { problem, save } = useSaving();
  const { off, extra } = settings.sites;
  const built = SITES.filter(({ access }) => access === 'bundled');
  const local = { id: 'local', name: message('options.siteLocal'), hosts: ['localhost', '127.0.0.1'] };

  return (
    <section aria-labelledby="sites">
      <h2 id="sites">{message('options.sites')}</h2>
      <p className="hint">{message('options.sitesHint')}</p>
      <ul className="rows">
        {[...built, local].map(({ id, name, hosts }) => (
          <li key={id}>
            <Switch
              label={name}
              checked={!hosts.every((host) => off.includes(host))}
              onChange={(on) => save(Promise.all(hosts.map((host) => applyChange({ change: 'site', host, on }))))}
            />
          </li>
        ))}
        {extra.map((pattern) => (
          <li key={pattern}>
            <span>{pattern.replace(/\/\*$/, '')}</span>
            <button type="button" className="btn quiet" aria-label={message('options.siteRemove', { site: pattern.replace(/^https?:\/\/|\/\*$/g, '') })} onClick={() => save(removeSite(pattern))}>
              {message('common.remove')}
            </button>
          </li>
        ))}
      </ul>
      <SaveProblem reason={problem} />
    </section>
  );
}

function SwitchedOff({ settings }: { settings: Settings }): ReactNode {
  const { problem, save } = useSaving();
  const { muted, dismissed } = settings;
  return (
    <section aria-labelledby="muted">
      <h2 id="muted">{message('options.muted')}</h2>
      {muted.length === 0 ? (
        <p className="hint">{message('options.mutedNone')}</p>
      ) : (
        <ul className="rows" data-attune="muted">
          {muted.map(({ rule, kind }) => (
            <li key={rule}>
              <span>
                {kindName(kind)}
                <small>{rule}</small>
              </span>
              <button type="button" className="btn quiet" aria-label={message('options.mutedUndo', { rule })} onClick={() => save(applyChange({ change: 'mute', rule, kind, on: false }))}>
                {message('common.undo')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <h2>{message('options.dismissed')}</h2>
      {dismissed.length === 0 ? (
        <p className="hint">{message('options.dismissedNone')}</p>
      ) : (
        <>
          <p className="hint">{message('options.dismissedHint')}</p>
          <ul className="rows" data-attune="dismissed">
            {[...dismissed].reverse().map(({ key, rule, kind, quote }) => (
              <li key={key}>
                <span>
                  <bdi>{quote}</bdi>
                  <small>{kindName(kind)}</small>
                </span>
                <button type="button" className="btn quiet" aria-label={message('options.dismissedUndo', { quote })} onClick={() => save(applyChange({ change: 'dismiss', key, rule, kind, quote, on: false }))}>
                  {message('common.undo')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <SaveProblem reason={problem} />
    </section>
  );
}

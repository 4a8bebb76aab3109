import { useState, type ReactNode } from 'react';
import { message, uiLanguage } from '../extension/i18n.ts';
import type { Engine } from '../extension/messages.ts';
import { settings as stored } from '../extension/storage.ts';
import { nameOf } from './audience.tsx';
import { useSaving } from './hooks.ts';
import { SaveProblem, Select } from './ui.tsx';

/** The reader's locales: several at once, in their own order. Used by the options and the welcome page. */
export function LocalesEditor({ locales, engine }: { locales: readonly string[]; engine: Engine | null }): ReactNode {
  const { problem, save } = useSaving();
  const [chosen, setChosen] = useState('');
  const compare = new Intl.Collator(uiLanguage()).compare;
  const others = (engine?.audiences ?? [])
    .map(({ locale }) => ({ value: locale, label: nameOf(locale) }))
    .filter(({ value }) => !locales.includes(value))
    .sort((a, b) => compare(a.label, b.label));
  const candidate = others.some(({ value }) => value === chosen) ? chosen : (others[0]?.value ?? '');
  const change = (next: (locales: string[]) => string[]): void => save(stored.profile.update((profile) => ({ ...profile, locales: next(profile.locales) })));

  return (
    <>
      {locales.length === 0 ? (
        <p className="hint">{message('options.localeNone')}</p>
      ) : (
        <ul className="rows" data-attune="locales">
          {locales.map((locale, index) => {
            const name = nameOf(locale);
            const known = engine === null || engine.audiences.some((audience) => audience.locale === locale);
            return (
              <li key={locale} data-locale={locale}>
                <span>
                  {name}
                  {index === 0 && <small>{message('options.localeFirst')}</small>}
                  {!known && <small>{message('options.localeUnknown')}</small>}
                </span>
                <span className="row-actions">
                  {index > 0 && (
                    <button type="button" className="btn quiet" aria-label={message('options.localeUp', { locale: name })} onClick={() => change((all) => [locale, ...all.filter((other) => other !== locale)])}>
                      {message('options.localeUpShort')}
                    </button>
                  )}
                  <button type="button" className="btn quiet" aria-label={message('options.localeRemove', { locale: name })} onClick={() => change((all) => all.filter((other) => other !== locale))}>
                    {message('common.remove')}
                  </button>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {others.length > 0 && (
        <div className="inline">
          <Select label={message('options.localeAdd')} name="locale-add" value={candidate} groups={[{ options: others }]} onChange={setChosen} />
          <button type="button" className="btn" data-attune="locale-add-button" onClick={() => change((all) => [...all.filter((other) => other !== candidate), candidate])}>
            {message('options.localeAddButton')}
          </button>
        </div>
      )}
      <SaveProblem reason={problem} />
    </>
  );
}

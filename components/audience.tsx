/** Choosing whom answers are for. */
import type { ReactNode } from 'react';
import { message, uiLanguage } from '../extension/i18n.ts';
import { localeName } from '../extension/locales.ts';
import type { Engine } from '../extension/messages.ts';
import { SITUATIONS, type Situation } from '../review/types.ts';
import { Select } from './ui.tsx';
import { situationName } from './words.ts';

/** A locale in the reader's own language, place first: "Germany (German)". */
export function nameOf(locale: string): string {
  return localeName(locale, uiLanguage());
}

function sorted(locales: readonly string[]): { value: string; label: string }[] {
  const compare = new Intl.Collator(uiLanguage()).compare;
  return locales.map((value) => ({ value, label: nameOf(value) })).sort((a, b) => compare(a.label, b.label));
}

interface LocaleSelectProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly own: readonly string[];
  readonly engine: Engine | null;
  readonly onChange: (locale: string) => void;
}

/** The reader's own locales first, then all that packs are there for: people also ask for texts for others. */
export function LocaleSelect({ label, name, value, own, engine, onChange }: LocaleSelectProps): ReactNode {
  const mine = own.map((locale) => ({ value: locale, label: nameOf(locale) }));
  const known = new Set(own);
  const others = sorted((engine?.audiences ?? []).map(({ locale }) => locale).filter((locale) => !known.has(locale)));
  const listed = [...mine, ...others].some((option) => option.value === value);
  return (
    <Select
      label={label}
      name={name}
      value={value}
      groups={[
        ...(listed ? [] : [{ options: [{ value, label: value === '' ? '—' : nameOf(value) }] }]),
        ...(mine.length > 0 ? [{ label: message('popup.audienceMine'), options: mine }] : []),
        ...(others.length > 0 ? [{ label: message('popup.audienceOthers'), options: others }] : []),
      ]}
      onChange={onChange}
    />
  );
}

export function SituationSelect({ value, onChange }: { value: Situation | undefined; onChange: (situation: Situation | undefined) => void }): ReactNode {
  return (
    <Select<Situation | 'auto'>
      label={message('popup.situation')}
      name="situation"
      value={value ?? 'auto'}
      groups={[
        { options: [{ value: 'auto', label: message('situation.auto') }] },
        { options: SITUATIONS.map((situation) => ({ value: situation, label: situationName(situation) })) },
      ]}
      onChange={(chosen) => onChange(chosen === 'auto' ? undefined : chosen)}
    />
  );
}

/** Names of the community's closed sets, in the reader's language. */
import { message, type MessageKey } from '../../extension/i18n.ts';
import { AGE_BANDS, FAMILIARITIES, GENDERS, type Familiarity, type Reason, type RedactionType, type Severity, type Verdict } from '../../feedback/schema/taxonomy.ts';
import type { CANNOT_JUDGE } from '../../feedback/schema/taxonomy.ts';

const word = (section: string, id: string | number): string => message(`${section}.${String(id).replaceAll('-', '_')}` as MessageKey);

export const verdictName = (verdict: Verdict): string => word('verdict', verdict);
export const severityName = (severity: Severity | typeof CANNOT_JUDGE): string => word('severity', severity);
export const reasonName = (reason: Reason): string => word('reason', reason);
export const familiarityName = (familiarity: Familiarity): string => word('familiarity', familiarity);
export const redactionName = (type: RedactionType): string => word('redaction', type);
export const ageName = (band: (typeof AGE_BANDS)[number]): string => (band === 'prefer-not-to-say' ? message('familiarity.unsaid') : word('about', `age_${band.replace('+', '')}`));
export const genderName = (gender: (typeof GENDERS)[number]): string => (gender === 'prefer-not-to-say' ? message('familiarity.unsaid') : word('about', `gender_${gender}`));
export { AGE_BANDS, FAMILIARITIES, GENDERS };

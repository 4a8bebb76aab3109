/** From a pack's adapter.json to the numbers that the graph takes: checked, because packs may come from anybody. */
import { adapter as adapterSchema, type AdapterFile } from '../../packs/schema/adapter.ts';
import type { AttuneConfig } from './config.ts';
import { readFloat16 } from './float16.ts';
import { HEADS, type Adapter, type AdapterShape, type Classifier } from './types.ts';

/** What an adapter must fit. */
export type AdapterTarget = Pick<Classifier, 'id' | 'modelHash' | 'adapterShape'>;

export function adapterTargetOf(config: AttuneConfig): AdapterTarget {
  return { id: `attune-mini@${config.version}`, modelHash: config.sha256, adapterShape: config.adapter ?? null };
}

export type AdapterResult = { readonly ok: true; readonly adapter: Adapter } | { readonly ok: false; readonly reason: string };

/** Further from "changes nothing" than this no training leads: such an adapter is a mistake or an attack. */
const FURTHEST = { scale: 1, shift: 2 } as const;

/**
 * Reads an adapter and checks that it may be used.
 * @param data content of adapter.json
 * @param pack id of the pack that it lies in
 * @param classifier the model that is there
 * @returns the adapter, or in one sentence why it is left out
 */
export function openAdapter(data: unknown, pack: string, classifier: AdapterTarget): AdapterResult {
  const left = (reason: string): AdapterResult => ({ ok: false, reason: `The adapter of the pack ${pack} was left out: ${reason}` });
  const parsed = adapterSchema.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return left(`${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}.`);
  }
  const file = parsed.data;
  if (file.locale !== pack) return left(`it says that it is for "${file.locale}".`);
  const unknown = file.heads.filter((head) => !(HEADS as readonly string[]).includes(head));
  if (unknown.length > 0) return left(`the classifier has no head ${unknown.join(', ')}.`);
  const numbers = readNumbers(file);
  if (typeof numbers === 'string') return left(numbers);
  if (file.model !== classifier.modelHash) return left(`it was trained for another model file (${file.model.slice(0, 12)}…) than the one that is there (${classifier.id}, ${classifier.modelHash.slice(0, 12)}…).`);
  const shape = classifier.adapterShape;
  if (shape === null) return left(`${classifier.id} takes no adapters.`);
  if (!sameShape(shape, file)) return left(`it has ${file.sites} × ${file.width} numbers; ${classifier.id} takes ${shape.sites} × ${shape.width}.`);
  return { ok: true, adapter: { locale: file.locale, modelHash: file.model, shape, ...numbers, serves: servesLanguageOf(file.locale) } };
}

export function sameShape(a: AdapterShape, b: AdapterShape): boolean {
  return a.sites === b.sites && a.width === b.width;
}

function readNumbers(file: AdapterFile): Pick<Adapter, 'scale' | 'shift'> | string {
  const count = file.sites * file.width;
  const numbers = (base64: string) => readFloat16(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  const read = { scale: numbers(file.scale), shift: numbers(file.shift) };
  for (const name of ['scale', 'shift'] as const) {
    const values = read[name];
    if (values.length !== count) return `${name} holds ${values.length} numbers instead of ${file.sites} × ${file.width}.`;
    const middle = name === 'scale' ? 1 : 0;
    // Written so that NaN fails, too.
    if (!values.every((value) => Math.abs(value - middle) <= FURTHEST[name])) return `${name} holds a number that is further than ${FURTHEST[name]} from ${middle}.`;
  }
  return read;
}

/** Passages in the pack's own language and script: there the adapter was trained and measured. */
function servesLanguageOf(locale: string): (language: string) => boolean {
  const own = new Intl.Locale(locale).maximize();
  return (language) => {
    if (language.split('-')[0] !== own.language) return false;
    try {
      return new Intl.Locale(language).maximize().script === own.script;
    } catch {
      return false;
    }
  };
}

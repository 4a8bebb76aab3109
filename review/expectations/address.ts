/** Which form of address fits: the pack's expectation for the language and situation, then the reader's own wish. */
import type { Expectations, Pack } from '../../packs/schema/pack.ts';
import type { AddressTools } from '../language-tools.ts';
import type { AudiencePacks } from '../packs.ts';
import type { Prompt } from '../context.ts';
import type { Language, Situation, Wishes } from '../types.ts';

export interface AddressExpectation {
  /** Forms that fit; empty when nothing is known (then only mixing is judged). */
  readonly fits: ReadonlySet<string>;
  readonly expected: readonly string[];
  readonly from: 'pack' | 'wish' | 'request' | 'none';
  readonly source: { readonly pack: Pack; readonly part: Expectations['address'][string] } | undefined;
}

export function addressExpectation(
  audience: AudiencePacks,
  language: Language,
  tools: AddressTools,
  situation: Situation | undefined,
  wishes: Wishes,
  prompt: Prompt | undefined,
): AddressExpectation {
  const asked = prompt?.tools.language === language ? tools.requested.search(prompt.text)[0]?.owner : undefined;
  if (asked !== undefined) {
    const fits = new Set(tools.forms.map(({ id }) => id).filter((form) => tools.compatible(form, asked)));
    return { fits, expected: [asked], from: 'request', source: undefined };
  }
  const found = packExpectation(audience, language);
  if (wishes.address !== undefined) {
    const forms = tools.forms.filter((form) => form.classifier === wishes.address).map(({ id }) => id);
    if (forms.length > 0) return { fits: new Set(forms), expected: forms, from: 'wish', source: found };
  }
  if (found === undefined) return { fits: new Set(), expected: [], from: 'none', source: undefined };
  const { expected, tolerated } = (situation === undefined ? undefined : found.part.situations[situation]) ?? found.part.default;
  const fits = new Set([...expected, ...tolerated]);
  // Whoever addresses the chatbot informally has offered the informal form.
  if (prompt?.tools.language === language) {
    for (const { owner } of tools.markers.search(prompt.text)) {
      if (tools.forms.find(({ id }) => id === owner.form)?.classifier === 'informal' && owner.strength >= 0.9) fits.add(owner.form);
    }
  }
  return { fits, expected, from: 'pack', source: found };
}

function packExpectation(audience: AudiencePacks, language: Language) {
  for (const pack of audience.chain) {
    const part = pack.expectations?.address[language];
    if (part !== undefined) return { pack, part };
  }
  return undefined;
}

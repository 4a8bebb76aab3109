/**
 * What a culture pack is: data only, with few and fixed operators. This file is the single source of the format;
 * the JSON Schema for editors, the loader's checks and the types all come from it.
 */
import { z } from 'zod';
import { REVIEW_LEVELS, SITUATIONS } from './words.ts';
import { parsePattern, PatternError } from './pattern.ts';

const text = (max: number) => z.string().trim().min(1).max(max);
const languageTag = z.string().regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?$/, 'a language tag such as "de" or "zh-Hant"');
const region = z.string().regex(/^[A-Z]{2}$/, 'a region code of two capitals such as "DE"');
const packId = z
  .string()
  .regex(/^(root|[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?)$/, '"root", a language ("de") or a locale ("de-DE")');
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date such as "2026-11-22"');
const semver = z.string().regex(/^\d+\.\d+\.\d+$/, 'a version such as "0.1.0"');

/** A text in several languages; English is always there so that every reviewer can check it. */
export const localised = z.record(languageTag, text(600)).refine((value) => 'en' in value, { message: 'needs an English text ("en")' });

export const pattern = text(400).superRefine((value, context) => {
  try {
    parsePattern(value);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});
const patterns = z.array(pattern).min(1).max(2000);

const conditionalMatcher = z.strictObject({
  any: patterns,
  /** Not a hit when one of these is found in the same passage. */
  not: patterns.optional(),
  /** Only where one of these is found in the same passage, too. */
  with: patterns.optional(),
  /** Upper and lower case matter (German "Sie"). */
  caseSensitive: z.boolean().optional(),
});
/** What to look for in one language: a list of patterns, or patterns with conditions. */
export const matcher = z.union([patterns.transform((any): z.infer<typeof conditionalMatcher> => ({ any })), conditionalMatcher]);
/** Patterns by the language of the text they are looked for in; "und" serves any language (numbers, names, emoji). */
const match = z.record(z.union([languageTag, z.literal('und')]), matcher).refine((value) => Object.keys(value).length > 0, {
  message: 'needs patterns in at least one language',
});

export const source = z.strictObject({
  title: text(300),
  publisher: text(200).optional(),
  year: z.int().min(1500).max(2100).optional(),
  url: z.url({ protocol: /^https$/ }).optional(),
  /** Knowledge of the language or of daily life that no document was cited for; keeps a rule at level `draft`. */
  kind: z.enum(['authority', 'standard', 'reference', 'study', 'press', 'general-knowledge']),
});

const example = z.strictObject({
  /** Language of the text. */
  lang: languageTag,
  text: text(800),
  /** What the reader had asked, where it matters. */
  prompt: text(400).optional(),
  /** For whom; default: the pack's own locale, or one that the rule applies to. */
  audience: z.string().regex(/^[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z]{2}$/).optional(),
  situation: z.enum(SITUATIONS).optional(),
});
const examples = z.strictObject({
  /** Texts in which this rule marks something. */
  positive: z.array(example).min(3),
  /** Tempting texts in which it must stay silent: warnings, quotations, other places, other meanings. */
  negative: z.array(example).min(3),
});

const ruleBase = {
  /** Stable for ever: readers mute rules and data sets cite them by it. */
  id: z.string().regex(/^[a-zA-Z0-9]+([.-][a-zA-Z0-9]+)*$/, 'letters, digits, dots and hyphens'),
  match,
  severity: z.literal([1, 2, 3]),
  /** How likely a local reader agrees that a hit is a fault, 0-1; the engine lowers it where context is doubtful. */
  confidence: z.number().min(0.3).max(0.99).default(0.8),
  /** What, in one sentence; says "may" where it is not certain. */
  message: localised,
  /** Why, for this audience; `{audience}` stands for the audience's name ("Germany"). */
  why: localised,
  suggestion: localised.optional(),
  /** Ids from `sources` of the pack. */
  sources: z.array(z.string()).min(1),
  level: z.enum(REVIEW_LEVELS).default('draft'),
  /** Where locals differ, and how. */
  dissent: localised.optional(),
  added: date,
  confirmed: date.optional(),
  replacedBy: z.string().optional(),
  /** UNESCO cultural domain, a reporting tag. */
  domain: z.string().optional(),
  situations: z.array(z.enum(SITUATIONS)).optional(),
  examples,
};

/** Something that belongs to certain places and is out of place elsewhere: one list serves every audience. */
const assumptionRule = z.strictObject({
  ...ruleBase,
  type: z.literal('assumption'),
  kind: z.enum(['assumption.institution', 'assumption.calendar', 'assumption.identity', 'assumption.idiom', 'assumption.convention']),
  /** Regions where it is at home. Empty: nowhere can it be taken for granted (the reader's religion, say). */
  belongs: z.array(region),
  /** What it is an instance of; audiences name their own with `equivalents`. */
  concept: z.string().regex(/^[a-z]+(-[a-z0-9]+)*$/).optional(),
});

/** What a piece of wording does to the tone; audiences differ in how much of it is welcome. */
export const TONE_DIMENSIONS = ['flattery', 'enthusiasm', 'apology', 'blunt', 'slang', 'stiff'] as const;
const toneRule = z.strictObject({
  ...ruleBase,
  type: z.literal('tone'),
  kind: z.enum(['tone.formality', 'tone.effusive', 'tone.blunt']),
  dimension: z.enum(TONE_DIMENSIONS),
  /** How strong one occurrence is. */
  weight: z.literal([1, 2, 3]).default(1),
});

const termRule = z.strictObject({
  ...ruleBase,
  type: z.literal('term'),
  kind: z.literal('term.outdated'),
  /** Names to use instead, by language of the text. */
  prefer: z.record(languageTag, z.array(text(80)).min(1)),
  /** Who prefers them. */
  preferredBy: localised.optional(),
});

const normRule = z.strictObject({
  ...ruleBase,
  type: z.literal('norm'),
  kind: z.literal('norm.etiquette'),
  topic: z.string(),
  /**
   * `avoided`: locals advise against what `match` names, so an answer that recommends it conflicts.
   * `expected`: locals expect it, so an answer that advises against it conflicts.
   * `stated`: the patterns themselves already state the advice that conflicts.
   */
  practice: z.enum(['avoided', 'expected', 'stated']),
  statement: localised,
  held: z.enum(['widely', 'mixed', 'regional', 'older-generation']),
});

const stereotypeRule = z.strictObject({
  ...ruleBase,
  type: z.literal('stereotype'),
  kind: z.enum(['stereotype.generalisation', 'stereotype.homogenising']),
});

export const rule = z.discriminatedUnion('type', [assumptionRule, toneRule, termRule, normRule, stereotypeRule]);

/** How a language marks the form of address (T/V, honorific or speech level). */
const addressForms = z.strictObject({
  forms: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z-]+$/),
        name: localised,
        /** Which answer of the classifier's address head this form is. */
        classifier: z.enum(['informal', 'formal']).optional(),
        /** Also said to several people at once (French "vous"), so that it may stand beside a singular form without being a slip. */
        alsoPlural: z.boolean().optional(),
      }),
    )
    .min(2),
  markers: z
    .array(
      z.strictObject({
        form: z.string(),
        any: patterns,
        not: patterns.optional(),
        caseSensitive: z.boolean().optional(),
        /** `inner`: not as the first word of a sentence (German "Sie" may be "they" there); `end`: only at the end of the sentence. */
        at: z.enum(['inner', 'end']).optional(),
        /** 0-1: how surely this marker shows the form; weak markers count only beside strong ones. */
        strength: z.number().min(0.1).max(1).default(1),
      }),
    )
    .min(2),
  /** Patterns in a prompt by which the reader asks for a form: "duz mich bitte". */
  requested: z.record(z.string(), patterns).optional(),
  /** Forms that may stand side by side without being a mix (Japanese です beside であります). */
  compatible: z.array(z.array(z.string()).min(2)).optional(),
  /** Sentences and the form they show: run as tests. */
  examples: z.array(z.strictObject({ text: text(400), form: z.string().nullable() })).min(6),
});

/** How a language pack helps to read texts in its language. */
export const languageData = z.strictObject({
  /** Name of each situation's everyday words: votes when the situation is guessed. */
  situations: z.partialRecord(z.enum(SITUATIONS), patterns),
  address: addressForms.optional(),
  /** Patterns in a prompt by which the reader asks for a tone: "with lots of emoji", "keep it casual". */
  asks: z.partialRecord(z.enum(['enthusiasm', 'casual', 'formal', 'direct']), patterns).optional(),
  cues: z.strictObject({
    /** not, never, no */
    negation: patterns,
    /** avoid, refrain from, don't, taboo, considered rude */
    warning: patterns,
    /** says, claims, according to, stereotype, cliché, myth, so-called */
    attribution: patterns,
    /** not all, in fact, wrong, unfair, prejudice */
    counter: patterns,
    /** unlike, instead of, whereas, compared with, equivalent of */
    contrast: patterns,
    /** some, many, on average, per cent, survey, according to data */
    limiting: patterns,
  }),
  /** Names of places beyond those CLDR knows (adjectives, cities, abbreviations), by region: tells what an answer is about. */
  places: z.record(region, patterns),
  /**
   * How people are named as a group (nations, regions, faiths, ages, trades …): where a passage names one, the classifier
   * is asked whether something is asserted of all of them.
   */
  groups: patterns.optional(),
  /** Word lists that patterns of this language may use as `{name}`. */
  lists: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), z.array(text(400)).min(1)),
});

const range = z.partialRecord(z.enum([...TONE_DIMENSIONS, 'exclamation', 'emoji']), z.number().int().min(0).max(20));
const expectedAddress = z.strictObject({
  /** Forms that fit. */
  expected: z.array(z.string()).min(1),
  /** Forms that pass without a mark. */
  tolerated: z.array(z.string()).default([]),
});

/** What an audience expects. Each part has its own reason and source; readers override all of it. */
export const expectations = z.strictObject({
  /** By language of the answer. */
  address: z
    .record(
      languageTag,
      z.strictObject({
        default: expectedAddress,
        situations: z.partialRecord(z.enum(SITUATIONS), expectedAddress).default({}),
        why: localised,
        sources: z.array(z.string()).min(1),
        level: z.enum(REVIEW_LEVELS).default('draft'),
        dissent: localised.optional(),
      }),
    )
    .default({}),
  /** How much of each device one answer may carry before the rest is marked (sum of weights; exclamation and emoji: counts). */
  tone: z
    .strictObject({
      default: range,
      situations: z.partialRecord(z.enum(SITUATIONS), range).default({}),
      why: localised,
      sources: z.array(z.string()).min(1),
      level: z.enum(REVIEW_LEVELS).default('draft'),
      dissent: localised.optional(),
    })
    .optional(),
});

/** The local form of a shared concept: what a reader here would have been told instead. */
export const equivalent = z.strictObject({
  /** "112", "the police on 110, the ambulance on 112" */
  text: localised,
  /** Patterns that show that the answer gives the local form itself, in any language. */
  forms: patterns,
  sources: z.array(z.string()).min(1),
});

/** Generated from CLDR and date-holidays by packs/generate.ts; never typed by hand. */
export const conventions = z.strictObject({
  generatedFrom: z.array(z.string()),
  region,
  measurement: z.enum(['metric', 'US', 'UK']),
  temperature: z.enum(['celsius', 'fahrenheit']),
  /** CLDR ids of units in everyday use here. */
  units: z.array(z.string()),
  dateOrder: z.enum(['DMY', 'MDY', 'YMD']),
  clock: z.enum(['12', '24']),
  decimal: z.string().length(1),
  group: z.string().length(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  firstDay: z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
  weekend: z.array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])).min(1),
  paper: z.enum(['A4', 'Letter']),
  nameOrder: z.enum(['givenFirst', 'surnameFirst']),
  hemisphere: z.enum(['north', 'south', 'tropics']),
  holidays: z.array(z.strictObject({ names: z.record(z.string(), z.string()), rule: z.string(), type: z.string() })),
  /** Names of the audience's region, by language: "Germany", "Deutschland". */
  names: z.record(z.string(), z.string()),
});

/** Generated from CLDR for one language: the words for units, money, months, places. */
export const lexicon = z.strictObject({
  generatedFrom: z.array(z.string()),
  /** CLDR unit id → how an amount of it is written, `{0}` standing for the number. */
  units: z.record(z.string(), z.array(z.string())),
  /** Currency code → names and signs. */
  currencies: z.record(z.string(), z.array(z.string())),
  months: z.array(z.array(z.string())).length(12),
  /** Region code → names. */
  regions: z.record(z.string(), z.array(z.string())),
});

/** pack.yaml: who and what. */
export const identity = z.strictObject({
  id: packId,
  version: semver,
  status: z.enum(['draft', 'provisional', 'contributed', 'approved', 'deprecated']),
  replacedBy: packId.optional(),
  sunset: date.optional(),
  extends: packId.optional(),
  name: localised,
  maintainers: z.array(text(120)).min(1),
  licence: z.literal('CC-BY-4.0'),
  sources: z.record(z.string().regex(/^[a-z0-9-]+$/), source),
  changelog: z.array(z.strictObject({ version: semver, date, note: text(400) })).min(1),
});

/** A whole pack: its files put together. */
export const pack = z.strictObject({
  ...identity.shape,
  language: languageData.optional(),
  expectations: expectations.optional(),
  equivalents: z.record(z.string(), equivalent).default({}),
  rules: z.array(rule).default([]),
  conventions: conventions.optional(),
  lexicon: lexicon.optional(),
  /** adapter.json. Checked by itself (review/classifier/adapter.ts): one that is broken or of another model costs the adapter, not the pack. */
  adapter: z.unknown().optional(),
});

export type Pack = z.infer<typeof pack>;
export type Rule = z.infer<typeof rule>;
export type RuleOf<T extends Rule['type']> = Extract<Rule, { type: T }>;
export type Matcher = z.infer<typeof matcher>;
export type Localised = z.infer<typeof localised>;
export type LanguageData = z.infer<typeof languageData>;
export type AddressForms = z.infer<typeof addressForms>;
export type Expectations = z.infer<typeof expectations>;
export type Equivalent = z.infer<typeof equivalent>;
export type Conventions = z.infer<typeof conventions>;
export type Lexicon = z.infer<typeof lexicon>;
export type ToneDimension = (typeof TONE_DIMENSIONS)[number];

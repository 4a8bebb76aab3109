/**
 * What a chat site is to Attune: data, never code. One engine reads every page; a site only says where things are.
 * This file is the single source of that format. The tests check every file against it; the reader's browser does not
 * have to check again what was bundled, so no validator travels in the content script.
 */
import { z } from 'zod';

const text = z.string().min(1).max(2000);
const selector = z.string().min(1).max(300);
/** Ordered fallbacks: the first selector with a match is used, the rest are not looked at. */
const selectors = z.array(selector).max(8);
const someSelectors = z.array(selector).min(1).max(8);
/** A union: every selector counts. */
const anySelectors = z.array(selector).max(24);

/** Longest pattern allowed for a conversation id; paths are short, patterns can be too. */
const MAX_PATTERN_LENGTH = 120;

/**
 * Why a conversation pattern is refused, or null when it is fine. A pattern runs on every navigation of somebody's
 * browser, so it must not be able to backtrack without bound: no repetition of a group, no back reference, no lookaround.
 */
export function patternProblem(source: string): string | null {
  if (source.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH} characters`;
  if (!source.startsWith('^')) return 'must start with ^';
  if (/\\[1-9k]/u.test(source)) return 'back references are not allowed';
  if (/\(\?[=!<]/u.test(source)) return 'lookaround and named groups are not allowed';
  if (/\)[*+{]/u.test(source)) return 'a group must not be repeated';
  if (/[*+}][*+{]/u.test(source)) return 'a repetition must not be repeated';
  try {
    new RegExp(source, 'iu');
  } catch (error) {
    return error instanceof Error ? error.message : 'not a regular expression';
  }
  const captures = source.replace(/\\./gu, '').match(/\((?!\?)/gu)?.length ?? 0;
  return captures === 1 ? null : 'needs exactly one capture: the id';
}

const conversationPattern = z.string().superRefine((source, context) => {
  const problem = patternProblem(source);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

export const siteSchema = z.strictObject({
  /** Stable, lower case: also the file's name. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** As its owner writes it. */
  name: text,
  /** `bundled`: in the manifest. `optional`: asked for when the reader adds an origin. `development`: never shipped. */
  access: z.enum(['bundled', 'optional', 'development']),
  /** Host names; empty when the site can live anywhere and only `detect` tells. */
  hosts: z.array(z.string().regex(/^[a-z0-9.-]+$/)),
  /** Any of these on the page proves the site; empty when the host is proof enough. */
  detect: anySelectors,
  /** Extension match patterns for the manifest. */
  matches: z.array(z.string().regex(/^(https?|\*):\/\/[^/]+\/\*$/)).min(1),
  /** Without these two there is nothing to read. */
  required: z.strictObject({
    /** One node for each answer. Nested matches count once, the outermost. */
    response: someSelectors,
    /** Roots of the answer's text inside it, as narrow as possible: labels and reasoning live in the wrapper. All outermost matches are read. */
    content: someSelectors,
  }),
  optional: z.strictObject({
    /** What to observe; it must survive navigation. Default: the body. */
    root: selectors,
    /** The whole turn of the assistant, where done marks sit. */
    turn: selectors,
    /** The text of what the user asked. */
    user: selectors,
    /** Inside the turn once an answer is complete. */
    done: anySelectors,
    composer: selectors,
    /** Inside the text roots, but not the answer's prose: never read. */
    strip: anySelectors,
    /** Where the site keeps a message's id: on the response, around it or inside it. */
    messageId: z.strictObject({ selector, attribute: z.string().regex(/^[a-z-]+$/) }).nullable(),
  }),
  streaming: z.strictObject({
    /** Matches the response, or something inside it, while it is being written. */
    onNode: anySelectors,
    /** Attributes that change when writing starts or ends: the only ones that are observed. */
    attributes: z.array(z.string().regex(/^[a-z-]+$/)).max(3),
    /** Anywhere on the page while something is being written (the stop button). */
    onPage: anySelectors,
  }),
  /** Against the path of the page, ignoring case; its one capture is the id. */
  conversationId: conversationPattern.nullable(),
  /** How long the text must stay the same before it counts as finished. */
  stableMs: z.number().int().min(200).max(15_000),
  /** Selectors that other people's code still uses and that are dead: a test keeps them out of the fields above. */
  gone: anySelectors,
  /** Where each selector was seen: repository, file, date. */
  evidence: z.array(text).min(1),
  /** Traps, for the next person. */
  notes: text,
  lastChecked: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
});

export type Site = Readonly<z.infer<typeof siteSchema>>;

/** Checks one site's data; throws with the field's path when something is wrong. */
export function parseSite(data: unknown): Site {
  return siteSchema.parse(data);
}

/** The demo's canned conversations, for tests that hold the extension to what was planted in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { conversationSchema, type Conversation, type Exchange } from '../../demo/conversations/schema.ts';

const FOLDER = fileURLToPath(new URL('../../demo/conversations', import.meta.url));

export const CONVERSATIONS: readonly Conversation[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => conversationSchema.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))));

export interface Case extends Exchange {
  readonly audience: string;
  readonly lang: string;
}

export const CASES: readonly Case[] = CONVERSATIONS.flatMap(({ audience, lang, exchanges }) =>
  exchanges.map((exchange) => ({ ...exchange, audience, lang })),
);

/** The demo's canned conversations, for tests that hold the extension to what was planted in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listPackFolders } from '../../packs/read.ts';
import { conversationSchema, type Conversation, type Exchange } from '../../demo/conversations/schema.ts';

const FOLDER = fileURLToPath(new URL('../../demo/conversations', import.meta.url));

export const CONVERSATIONS: readonly Conversation[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => conversationSchema.parse(JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'))));

export interface Case extends Exchange {
  readonly audience: string;
  readonly lang: string;
}

const PACKS = new Set(listPackFolders());

/** About an audience that no pack knows, the tool has to stay silent, whatever was planted. */
export const CASES: readonly Case[] = CONVERSATIONS.flatMap(({ audience, lang, exchanges }) =>
  exchanges.map((exchange) => ({ ...exchange, planted: PACKS.has(audience) ? exchange.planted : [], audience, lang })),
);

/** Every site Attune knows, in order of id; tests/unit/chat/sites.test.ts checks them. To add one, see README.md beside this file. */
import chatgpt from './chatgpt.json' with { type: 'json' };
import claude from './claude.json' with { type: 'json' };
import copilot from './copilot.json' with { type: 'json' };
import copilotM365 from './copilot-m365.json' with { type: 'json' };
import deepseek from './deepseek.json' with { type: 'json' };
import demo from './demo.json' with { type: 'json' };
import gemini from './gemini.json' with { type: 'json' };
import mistral from './mistral.json' with { type: 'json' };
import openWebui from './open-webui.json' with { type: 'json' };
import zAi from './z-ai.json' with { type: 'json' };
import type { Site } from './schema.ts';

export type { Site } from './schema.ts';

/** JSON has no literal types: the test that parses each file stands behind this one word. */
const trusted = (data: object): Site => data as Site;

export const SITES: readonly Site[] = [chatgpt, claude, copilot, copilotM365, deepseek, demo, gemini, mistral, openWebui, zAi]
  .map(trusted)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

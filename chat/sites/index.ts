/** Every site Attune knows, checked and in order of id. To add one, see README.md beside this file. */
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
import { parseSite, type Site } from './schema.ts';

export type { Site } from './schema.ts';

export const SITES: readonly Site[] = [chatgpt, claude, copilot, copilotM365, deepseek, demo, gemini, mistral, openWebui, zAi]
  .map(parseSite)
  .sort((a, b) => (a.id < b.id ? -1 : 1));

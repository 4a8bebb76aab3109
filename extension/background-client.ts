/** A page's or a script's way to the background script. */
import type { Subject } from '../feedback/record/record.ts';
import { browser } from 'wxt/browser';
import { createInferenceClient, type InferenceClient } from './inference-client.ts';
import { settingsReplySchema, type BackgroundRequest, type SettingsChange } from './messages.ts';

export function sendToBackground(message: BackgroundRequest): Promise<unknown> {
  // After an update of the extension `runtime` is gone from old content scripts, and the call itself would throw.
  if (!browser.runtime?.id) return Promise.reject(new Error('Extension context invalidated.'));
  return browser.runtime.sendMessage(message);
}

/** The engine, as seen from a page. */
export function backgroundInference(): InferenceClient {
  return createInferenceClient({ send: sendToBackground });
}

/** Asks for one change of the settings; rejects with the reason when it could not be stored. */
export async function changeSettings(change: SettingsChange): Promise<void> {
  const reply = settingsReplySchema.parse(await sendToBackground({ to: 'background', type: 'settings', change }));
  if (!reply.ok) throw new Error(reply.message);
}

/** Opens the feedback page. Only if the message is lost does nothing happen, so the caller shows that. */
export async function openFeedback(subject: Subject): Promise<void> {
  await sendToBackground({ to: 'background', type: 'feedback', subject });
}

/** Tells the toolbar button of this tab. Nobody waits for it. */
export function reportMarks(count: number, drift: boolean): void {
  void sendToBackground({ to: 'background', type: 'marks', count, drift }).catch(() => undefined);
}

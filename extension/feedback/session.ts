/** The subject between page and feedback page: in the session's storage, which is memory and gone with the browser. */
import { storage } from '@wxt-dev/storage';
import type { Subject } from '../../feedback/record/record.ts';
import { subjectSchema } from './subject.ts';

const key = (id: string): `session:feedback:${string}` => `session:feedback:${id}`;

/** @returns a name for it, to be put into the page's address */
export async function keepSubject(subject: Subject): Promise<string> {
  const id = crypto.randomUUID();
  await storage.setItem(key(id), subject);
  return id;
}

/** Null when the browser was restarted since, or the feedback was sent. */
export async function readSubject(id: string): Promise<Subject | null> {
  return subjectSchema.safeParse(await storage.getItem(key(id))).data ?? null;
}

export async function dropSubject(id: string): Promise<void> {
  await storage.removeItem(key(id));
}

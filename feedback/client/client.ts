/** The collector's interface as the extension uses it. Every answer is checked; what is no answer says when to come again. */
import * as z from 'zod';
import {
  batchReply,
  consentReply,
  driveInfo,
  logProof,
  noticeText,
  PROBLEMS,
  problemReply,
  withdrawalReply,
  WORK_HEADER,
  type DriveInfo,
  type LogProof,
  type NoticeText,
  type Problem,
  type SubmissionOutcome,
  type WithdrawalRequest,
} from '../schema/api.ts';
import type { ConsentRequest } from '../schema/consent.ts';
import type { demographicsRequest } from '../schema/api.ts';
import { solveWork } from './work.ts';

export type Demographics = z.infer<typeof demographicsRequest>;

/** `refused` is final for these bytes; `later` may work when tried again. */
export type Reply<T> =
  | { readonly type: 'ok'; readonly value: T }
  | { readonly type: 'refused'; readonly status: number; readonly problem: Problem | 'unknown' | 'other'; readonly detail: string }
  | { readonly type: 'later'; readonly reason: string; readonly afterMs: number | null };

export interface CollectorClient {
  readDrive(drive: string, signal: AbortSignal): Promise<Reply<DriveInfo>>;
  readNotice(drive: string, language: string, signal: AbortSignal): Promise<Reply<NoticeText>>;
  giveConsent(request: ConsentRequest, signal: AbortSignal): Promise<Reply<z.infer<typeof consentReply>>>;
  /** @param records canonical JSON of each submission, sent as it is. */
  submit(records: readonly string[], signal: AbortSignal): Promise<Reply<SubmissionOutcome[]>>;
  putDemographics(request: Demographics, signal: AbortSignal): Promise<Reply<null>>;
  withdraw(request: WithdrawalRequest, signal: AbortSignal): Promise<Reply<z.infer<typeof withdrawalReply>>>;
  /** Proof that a receipt's leaf is in the tree of its checkpoint. */
  readProof(drive: string, leaf: number, size: number, signal: AbortSignal): Promise<Reply<LogProof>>;
}

export interface ClientOptions {
  /** Origin of the collector, without a slash at the end. */
  readonly collector: string;
  readonly fetch: typeof fetch;
  /** How long one request may take. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const LARGEST_REPLY = 4 * 1024 * 1024;
const challengeReply = z.looseObject({ parameters: z.looseObject({ algorithm: z.string(), nonce: z.string(), salt: z.string(), cost: z.number(), keyLength: z.number(), keyPrefix: z.string() }), signature: z.string().optional() });

export function createClient({ collector, fetch: send, timeoutMs = TIMEOUT_MS }: ClientOptions): CollectorClient {
  async function call<T>(path: string, reply: z.ZodType<T>, signal: AbortSignal, init: RequestInit = {}): Promise<Reply<T>> {
    let response: Response;
    let text: string;
    try {
      response = await send(`${collector}${path}`, {
        ...init,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        // Nothing that could tell who we are, nothing kept, nowhere else.
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      });
      text = await response.text();
    } catch (error) {
      return { type: 'later', reason: error instanceof Error ? error.message : String(error), afterMs: null };
    }
    if (response.ok) {
      const body = text.length > LARGEST_REPLY ? undefined : parseJson(text);
      const parsed = reply.safeParse(response.status === 204 ? null : body);
      return parsed.success ? { type: 'ok', value: parsed.data } : { type: 'later', reason: `The collector's answer could not be read: ${parsed.error.issues[0]?.message ?? 'no JSON'}`, afterMs: null };
    }
    const problem = problemReply.safeParse(parseJson(text));
    const detail = problem.success ? problem.data.detail : `HTTP ${response.status}`;
    const { status } = response;
    // 408, 428 and 429 ask for another try as 5xx do; a redirect or a captive portal is no collector.
    if (status >= 500 || status < 400 || [401, 407, 408, 425, 428, 429].includes(status) || !problem.success) return { type: 'later', reason: detail, afterMs: retryAfter(response) };
    return { type: 'refused', status, problem: problemOf(problem.data.type), detail };
  }

  async function work(signal: AbortSignal): Promise<Reply<Record<string, string>>> {
    const task = await call('/v1/challenge', challengeReply.nullable(), signal);
    if (task.type !== 'ok') return task.type === 'refused' ? { type: 'later', reason: task.detail, afterMs: null } : task;
    if (task.value === null) return { type: 'ok', value: {} };
    try {
      return { type: 'ok', value: { [WORK_HEADER]: await solveWork(task.value as Parameters<typeof solveWork>[0], signal) } };
    } catch (error) {
      return { type: 'later', reason: error instanceof Error ? error.message : String(error), afterMs: null };
    }
  }

  async function post<T>(path: string, body: string, reply: z.ZodType<T>, signal: AbortSignal, options: { method?: string; work?: boolean } = {}): Promise<Reply<T>> {
    const header = options.work ? await work(signal) : ({ type: 'ok', value: {} } as const);
    if (header.type !== 'ok') return header;
    return call(path, reply, signal, { method: options.method ?? 'POST', body, headers: { 'content-type': 'application/json', ...header.value } });
  }

  return {
    readDrive: (drive, signal) => call(`/v1/drives/${encodeURIComponent(drive)}`, driveInfo, signal),
    readNotice: (drive, language, signal) => call(`/v1/drives/${encodeURIComponent(drive)}/notice?language=${encodeURIComponent(language)}`, noticeText, signal),
    giveConsent: (request, signal) => post('/v1/consents', JSON.stringify(request), consentReply, signal, { work: true }),
    submit: async (records, signal) => {
      const reply = await post('/v1/submissions', `{"submissions":[${records.join(',')}]}`, batchReply, signal, { work: true });
      return reply.type === 'ok' ? { type: 'ok', value: reply.value.outcomes } : reply;
    },
    putDemographics: (request, signal) => post('/v1/demographics', JSON.stringify(request), z.null(), signal, { method: 'PUT', work: true }),
    withdraw: (request, signal) => post('/v1/withdrawals', JSON.stringify(request), withdrawalReply, signal),
    readProof: (drive, leaf, size, signal) => call(`/v1/log/${encodeURIComponent(drive)}/proof?leaf=${leaf}&size=${size}`, logProof, signal),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `urn:attune:problem:<name>` */
function problemOf(type: string): Problem | 'unknown' | 'other' {
  const name = type.split(/[:/]/).at(-1) ?? '';
  if (name === 'unknown') return 'unknown';
  return Object.hasOwn(PROBLEMS, name) ? (name as Problem) : 'other';
}

const LONGEST_WAIT_S = 24 * 60 * 60;

/** Seconds or a date (RFC 9110 §10.2.3). */
function retryAfter(response: Response): number | null {
  const value = response.headers.get('retry-after');
  if (value === null) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_WAIT_S) * 1000 : null;
}

/** Build time: asks the collector who it is, so that its facts and its log's key are part of the package. */
import { readFile } from 'node:fs/promises';
import { driveInfo, type DriveInfo } from '../../feedback/schema/api.ts';
import * as z from 'zod';

export interface CommunityBuild {
  readonly collector: string;
  readonly info: DriveInfo;
}

const TIMEOUT_MS = 10_000;
const listed = z.object({ drives: z.array(driveInfo) });

/**
 * Reads `WXT_COLLECTOR_URL` (the collector's origin), `WXT_DRIVE` (a drive's id; the first open one otherwise) and
 * `WXT_DRIVE_INFO` (a file with what GET /v1/drives/<id> answers, for builds without network).
 * @returns null where no collector is named: a build without feedback
 * @throws {Error} with what to do, when the collector cannot be read
 */
export async function communityOf(env: Readonly<Record<string, string | undefined>>): Promise<CommunityBuild | null> {
  const address = env.WXT_COLLECTOR_URL;
  if (address === undefined || address === '') return null;
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'https:' && !isLoopback(url))) throw new Error(`WXT_COLLECTOR_URL must be an https address, or http on this machine: ${address}`);
  const collector = url.origin;
  if (env.WXT_DRIVE_INFO) return { collector, info: driveInfo.parse(JSON.parse(await readFile(env.WXT_DRIVE_INFO, 'utf8'))) };
  const path = env.WXT_DRIVE ? `/v1/drives/${encodeURIComponent(env.WXT_DRIVE)}` : '/v1/drives';
  try {
    const response = await fetch(`${collector}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const body: unknown = await response.json();
    if (env.WXT_DRIVE) return { collector, info: driveInfo.parse(body) };
    const drive = listed.parse(body).drives.find(({ state }) => state === 'open');
    if (drive === undefined) throw new Error('it has no open drive');
    return { collector, info: drive };
  } catch (error) {
    throw new Error(`The collector at ${collector} could not be asked for its drive: ${error instanceof Error ? error.message : String(error)}. Start it (npm run attune -- collector start), or give its answer as a file in WXT_DRIVE_INFO.`, { cause: error });
  }
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname));
}

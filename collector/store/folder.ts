/** The data folder: where it is, who may use it, and who uses it now. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '../operator-error.ts';

const LOCK = 'collector.lock';

/** Where the platform keeps a user's application data; for root `/var/lib`, because another user's server must read it. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  switch (process.platform) {
    case 'win32':
      return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'attune', 'collector');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'attune', 'collector');
    default:
      return process.getuid?.() === 0 ? '/var/lib/attune/collector' : join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'attune', 'collector');
  }
}

/** Whether a process runs, also when it is another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process began, as its system counts: tells it from a later one with the same number. Empty where unknown. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

/** Process number of the collector that uses a folder now, or null. */
export function collectorIn(folder: string): number | null {
  let text: string;
  try {
    text = readFileSync(join(folder, LOCK), 'utf8');
  } catch {
    return null;
  }
  const [pid = '', start = ''] = text.trim().split(' ');
  return isAlive(Number(pid)) && startOf(Number(pid)) === start ? Number(pid) : null;
}

export class FolderInUse extends OperatorError {
  override name = 'FolderInUse';
  constructor(folder: string, pid: number) {
    super(`Another collector (process ${pid}) uses ${folder}. Stop it, name another folder with --data, or let both use one server with DATABASE_URL.`);
  }
}

/**
 * Takes a folder for one collector.
 * @returns gives it back
 * @throws {FolderInUse}
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const holder = collectorIn(folder);
    if (holder !== null && holder !== process.pid) throw new FolderInUse(folder, holder);
    rmSync(path, { force: true });
    try {
      const file = openSync(path, 'wx', 0o644);
      writeSync(file, `${process.pid} ${startOf(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      // Somebody was faster: look again who.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/** Child processes that never outlive us, with their output kept. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  /** Both streams as they came, for people. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each piece of output as it comes. */
  readonly onOutput?: (piece: string) => void;
}

const running = new Set<ChildProcess>();

/** Each child leads a process group, so that what it started itself (browsers, workers) goes with it. */
export function stopAll(signal: NodeJS.Signals = 'SIGTERM'): void {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // It ended in the meantime.
    }
  }
}

export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...options.env },
    });
    running.add(child);
    let stdout = '';
    let output = '';
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      },
      options.timeoutMs ?? 2 ** 31 - 1,
    );
    const collect = (piece: string) => {
      output += piece;
      options.onOutput?.(piece);
    };
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece;
      collect(piece);
    });
    child.stderr.setEncoding('utf8').on('data', collect);
    const end = (code: number) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, stdout, output, timedOut });
    };
    child.on('error', (error) => {
      output += String(error);
      end(127);
    });
    child.on('close', (code) => {
      end(code ?? 1);
    });
  });
}

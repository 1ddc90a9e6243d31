import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface CommandResult {
  readonly exitCode: number;
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where the output goes as well. */
  readonly log?: string;
  /** Shows the output as it comes. */
  readonly show?: boolean;
  /** After this long the command and what it started are killed: a suite that hangs is a suite that fails. */
  readonly timeoutMs: number;
}

/** Runs a command to its end; a command that cannot be started ends with 127, one that took too long with 124. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const log = options.log === undefined ? undefined : createWriteStream(options.log);
    const chunks: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      killGroup(child.pid);
    }, options.timeoutMs);
    const forward = (signal: NodeJS.Signals) => killGroup(child.pid, signal);
    process.on('SIGINT', forward);
    process.on('SIGTERM', forward);

    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      log?.write(chunk);
      if (options.show === true) process.stderr.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => {
      take(Buffer.from(`${error.message}\n`));
      finish(127);
    });
    child.once('close', (code) => finish(late ? 124 : (code ?? 130)));

    function finish(exitCode: number): void {
      clearTimeout(timer);
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      log?.end();
      resolve({ exitCode, output: Buffer.concat(chunks).toString('utf8') });
    }
  });
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in between.
  }
}

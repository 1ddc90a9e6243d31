import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that a number alone does not name, since numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the system words it; compared, never parsed. */
  readonly started: string;
}

/** Undefined when there is no such process (any more). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.started === identity.started;
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field is the name in brackets, which may hold spaces and brackets; the start is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const output = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return output.trim() === '' ? undefined : output.trim();
  } catch {
    return undefined;
  }
}

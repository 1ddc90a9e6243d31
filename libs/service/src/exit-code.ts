import { DawsosError } from '@dawsos/contracts';

/** Exit codes of sysexits.h; `dawsos --help` lists them. */
export const EXIT = {
  ok: 0,
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  tryLater: 75,
  forbidden: 77,
  configuration: 78,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a process that an error ends. */
export function exitCodeFor(error: unknown): ExitCode {
  if (!(error instanceof DawsosError)) return EXIT.internal;
  switch (error.code) {
    case 'invalid_configuration':
      return EXIT.configuration;
    case 'store_unavailable':
    case 'queue_unavailable':
      return EXIT.unavailable;
    case 'pack_not_fresh':
    case 'rate_limited':
    case 'shutting_down':
      return EXIT.tryLater;
    case 'forbidden':
    case 'unauthenticated':
    case 'portfolio_forbidden':
    case 'export_blocked':
      return EXIT.forbidden;
    default:
      return exitCodeForStatus(error.entry.status);
  }
}

function exitCodeForStatus(status: number): ExitCode {
  if (status === 404) return EXIT.noInput;
  if (status >= 400 && status < 500) return EXIT.badData;
  return status === 503 ? EXIT.tryLater : EXIT.internal;
}

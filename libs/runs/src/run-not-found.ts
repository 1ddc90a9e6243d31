import { DawsosError } from '@dawsos/contracts';

/** One answer for a run that does not exist and for one that the caller may not read: neither is told from the other. */
export function runNotFound(): DawsosError {
  return new DawsosError('run_not_found', 'There is no such run of yours.');
}

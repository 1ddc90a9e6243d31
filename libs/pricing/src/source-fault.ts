import { DawsosError } from '@dawsos/contracts';
import type { Place } from './quote';

/** One thing that is wrong in a price or rate file. */
export interface SourceFault {
  readonly place: Place;
  readonly message: string;
}

const FAULTS_SHOWN = 20;

/** All `count` faults as one error: the first in the message, the first twenty as data. */
export function unreadable(faults: readonly SourceFault[], count = faults.length): DawsosError {
  const lines = faults.map(({ place, message }) => `${place.file}:${String(place.line)}: ${message}`);
  const more = count > 1 ? ` (and ${String(count - 1)} more)` : '';
  return new DawsosError('pack_unreadable', `${lines[0] ?? 'no source could be read'}${more}`, {
    extensions: {
      fault_count: count,
      faults: faults
        .slice(0, FAULTS_SHOWN)
        .map(({ place, message }) => ({ file: place.file, line: place.line, message })),
    },
  });
}

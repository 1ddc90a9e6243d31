import { DawsosError, type FieldError } from '@dawsos/contracts';

/** @throws DawsosError `rights_registry_invalid`, with all that is wrong */
export function invalidRegistry(errors: readonly FieldError[]): never {
  throw new DawsosError('rights_registry_invalid', errors.map((error) => error.detail).join('\n'), {
    errors,
  });
}

import type { z } from 'zod';

export interface Variable<Schema extends z.ZodType = z.ZodType> {
  /** Parses the text of the environment; absent is undefined, so an optional variable has a default or `.optional()`. */
  readonly schema: Schema;
  readonly about: string;
  readonly example: string;
  /** Masked where the configuration is shown; may also come from the file that NAME_FILE names. */
  readonly secret: boolean;
}

export function defineVariable<Schema extends z.ZodType>(
  definition: Omit<Variable<Schema>, 'secret'> & { readonly secret?: boolean },
): Variable<Schema> {
  return { secret: false, ...definition };
}

import { DawsosError } from '@dawsos/contracts';
import type { z } from 'zod';

/** @param name what the fault calls the answer or the file */
export function malformedFormat(name: string, what: string): DawsosError {
  return new DawsosError('source_malformed', `${name}: ${what}`, { extensions: { source: name } });
}

/** `body` in the provider's format; a fault names the first place that is not. @throws DawsosError `source_malformed` */
export function parseFormat<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  name: string,
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw malformedFormat(name, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

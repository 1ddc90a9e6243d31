import { DawsosError, type FieldError } from '@dawsos/contracts';
import { z } from 'zod';

export const EXPORT_FORMATS = ['pdf', 'csv', 'json', 'xlsx'] as const;
export const ExportFormatSchema = z.enum(EXPORT_FORMATS);
export type ExportFormat = z.infer<typeof ExportFormatSchema>;

const GrantSchema = z.strictObject({
  display: z.boolean().describe('Its figures may be shown to the users of this system.'),
  export: z.array(ExportFormatSchema).describe('The formats in which its figures may leave as a file.'),
  redistribute: z.boolean().describe('The user may pass such a file on.'),
});

const SourceRightsSchema = GrantSchema.extend({
  name: z.string().min(1),
  licence: z.string().optional().describe('The licence that would lift its blocks: a remedy names it.'),
  attribution: z.string().optional().describe('Stands in the footer of what rests on it.'),
  watermark: z.string().optional().describe('Is drawn across what rests on it.'),
  environments: z
    .record(z.string(), GrantSchema.partial())
    .default({})
    .describe('What differs in one environment (ENVIRONMENT), such as a licence that only production has.'),
});
export type SourceRights = z.infer<typeof SourceRightsSchema>;

export const SourceIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,63}$/, { error: 'must be a source id: lower-case letters, digits, _ . -' });

export const RegistrySchema = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  sources: z.record(SourceIdSchema, SourceRightsSchema),
});
/** What may be done with each source's data. A source that it does not name may nothing. */
export type RightsRegistry = z.infer<typeof RegistrySchema>;

/** `rights/registry.schema.json`: the JSON Schema that an editor checks a registry with, as text. */
export function registryJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(RegistrySchema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ $schema, title: 'A dawsos rights registry', ...schema }, null, 2)}\n`;
}

/** @throws DawsosError `rights_registry_invalid`, with all that is wrong */
export function invalidRegistry(errors: readonly FieldError[]): never {
  throw new DawsosError('rights_registry_invalid', errors.map((error) => error.detail).join('\n'), {
    errors,
  });
}

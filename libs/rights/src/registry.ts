import { DawsosError, type FieldError } from '@dawsos/contracts';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';

export const EXPORT_FORMATS = ['pdf', 'csv', 'json', 'xlsx'] as const;
export const ExportFormatSchema = z.enum(EXPORT_FORMATS);
export type ExportFormat = z.infer<typeof ExportFormatSchema>;

const GrantSchema = z.strictObject({
  display: z.boolean(),
  export: z.array(ExportFormatSchema),
  redistribute: z.boolean(),
});

const SourceRightsSchema = GrantSchema.extend({
  name: z.string().min(1),
  /** The licence that would lift the blocks; named in the remedy. */
  licence: z.string().optional(),
  attribution: z.string().optional(),
  watermark: z.string().optional(),
  /** What differs in one environment, for instance a licence that only production has. */
  environments: z.record(z.string(), GrantSchema.partial()).default({}),
});
export type SourceRights = z.infer<typeof SourceRightsSchema>;

const RegistrySchema = z.strictObject({
  version: z.literal(1),
  sources: z.record(
    z
      .string()
      .regex(/^[a-z][a-z0-9_.-]{0,63}$/, { error: 'must be a source id: lower-case letters, digits, _ . -' }),
    SourceRightsSchema,
  ),
});
/** What may be done with each source's data. A source that it does not name may nothing. */
export type RightsRegistry = z.infer<typeof RegistrySchema>;

const MAX_ALIASES = 50;

/**
 * Reads a registry file.
 * @throws DawsosError `rights_registry_invalid` with every fault's place (`file:line:column`) and what is wrong.
 */
export function parseRegistry(text: string, file: string): RightsRegistry {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    fail(
      document.errors.map((error) => ({
        pointer: '',
        detail: `${place(error.pos[0])}: ${firstLine(error.message)}`,
      })),
    );
  }
  const parsed = RegistrySchema.safeParse(plainValue(document, file));
  if (parsed.success) return parsed.data;
  return fail(
    parsed.error.issues.map((issue) => ({
      pointer: issue.path.map((segment) => `/${String(segment)}`).join(''),
      detail: `${place(offsetOf(document, issue.path))}: ${issue.path.join('.')} ${issue.message}`,
    })),
  );
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return fail([{ pointer: '', detail: `${file}: more than ${MAX_ALIASES} aliases` }]);
  }
}

/** Where the innermost node of `path` that is in the file begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (!isMap(parent)) continue;
    const pair = parent.items.find((item) => String(item.key) === String(path[length - 1]));
    const range = (pair?.key as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function fail(errors: readonly FieldError[]): never {
  throw new DawsosError('rights_registry_invalid', errors.map((error) => error.detail).join('\n'), {
    errors,
  });
}

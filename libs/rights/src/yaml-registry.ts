import { MOST_FIELD_ERRORS } from '@dawsos/contracts';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { invalidRegistry, RegistrySchema, type RightsRegistry } from './registry';

const MAX_ALIASES = 50;

/**
 * Reads a registry in our own form.
 * @throws DawsosError `rights_registry_invalid` with every fault's place (`file:line:column`) and what is wrong.
 */
export function parseYamlRegistry(text: string, file: string): RightsRegistry {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    invalidRegistry(
      document.errors.slice(0, MOST_FIELD_ERRORS).map((error) => ({
        pointer: '',
        detail: `${place(error.pos[0])}: ${firstLine(error.message)}`,
      })),
    );
  }
  const parsed = RegistrySchema.safeParse(plainValue(document, file));
  if (parsed.success) return parsed.data;
  return invalidRegistry(
    parsed.error.issues.slice(0, MOST_FIELD_ERRORS).map((issue) => ({
      pointer: issue.path.map((segment) => `/${String(segment)}`).join(''),
      detail: `${place(offsetOf(document, issue.path))}: ${issue.path.join('.')} ${issue.message}`,
    })),
  );
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return invalidRegistry([{ pointer: '', detail: `${file}: more than ${MAX_ALIASES} aliases` }]);
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

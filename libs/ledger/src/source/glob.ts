import { resolveWithin, type LedgerSource } from './ledger-source';

const MAGIC = /[*?[]/;

/**
 * The files that an include's pattern names, as Python's recursive `glob` finds them, by name: `*`, `?`, `[…]`, and `**`
 * for any number of folders; names that start with a dot only where the pattern does. The path must not leave the root.
 */
export async function expandGlob(
  source: LedgerSource,
  directory: string,
  pattern: string,
): Promise<readonly string[]> {
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
  const found = await expand(source, directory, segments);
  return [...new Set(found)];
}

async function expand(
  source: LedgerSource,
  directory: string,
  segments: readonly string[],
): Promise<readonly string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [];
  if (segment === '**' && rest.length === 0) return filesBelow(source, directory);
  if (segment === '**') {
    const folders = (await source.list(directory)).filter(
      ({ kind, name }) => kind === 'directory' && !isHidden(name),
    );
    const below = await Promise.all(
      folders.map(({ name }) => expand(source, join(directory, name), segments)),
    );
    return [...(await expand(source, directory, rest)), ...below.flat()];
  }
  if (segment === '..') {
    const parent = resolveWithin(directory, '..');
    return parent === undefined ? [] : expand(source, parent, rest);
  }
  const names = (await source.list(directory)).filter(({ name }) => matches(segment, name));
  const found = await Promise.all(
    names.map(async ({ name, kind }) => {
      const path = join(directory, name);
      if (rest.length > 0) return kind === 'directory' ? expand(source, path, rest) : [];
      return kind === 'file' ? [path] : [];
    }),
  );
  return found.flat();
}

async function filesBelow(source: LedgerSource, directory: string): Promise<readonly string[]> {
  const entries = (await source.list(directory)).filter(({ name }) => !isHidden(name));
  const found = await Promise.all(
    entries.map(async ({ name, kind }) =>
      kind === 'file' ? [join(directory, name)] : filesBelow(source, join(directory, name)),
    ),
  );
  return found.flat();
}

const join = (directory: string, name: string) => (directory === '' ? name : `${directory}/${name}`);
const isHidden = (name: string) => name.startsWith('.');

function matches(segment: string, name: string): boolean {
  if (!MAGIC.test(segment)) return segment === name;
  if (isHidden(name) && !segment.startsWith('.')) return false;
  return wildcard(segment).test(name);
}

function wildcard(segment: string): RegExp {
  const source = segment.replace(
    /\[(!?)(\]?[^\]]*)\]|[*?]|[\\^$.+()|{}[\]/-]/g,
    (part: string, not?: string, set?: string) => {
      if (part === '*') return '.*';
      if (part === '?') return '.';
      if (set === undefined || set === '') return `\\${part.split('').join('\\')}`;
      return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    },
  );
  return new RegExp(`^${source}$`, 's');
}

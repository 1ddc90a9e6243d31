export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/** The files of a ledger under one root; paths are relative to it, with `/`. */
export interface LedgerSource {
  /** The file's bytes; undefined when there is no such file inside the root. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** A folder's entries by name, `''` being the root; none when it is no folder. */
  list(directory: string): Promise<readonly DirectoryEntry[]>;
}

/** `path` from `directory`, with `.` and `..` resolved; undefined when it is absolute or leaves the root. */
export function resolveWithin(directory: string, path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  const parts: string[] = [];
  for (const part of `${directory}/${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

export function directoryOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

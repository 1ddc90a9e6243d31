import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './service-process';

/** A file of the repository, by its path from the root. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The texts of the files below `folder` whose names match, by their paths from the root. */
export function readTexts(folder: string, name: RegExp): ReadonlyMap<string, string> {
  const found = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => name.test(path) && !/(^|\/)(node_modules|dist|__fixtures__)\//.test(path))
    .map((path) => join(folder, path));
  return new Map(found.map((path) => [path, readText(path)]));
}

import fs from 'node:fs/promises';
import { DawsosError } from '@dawsos/contracts';

/** The text of a file; undefined when there is none. */
export async function readTextFile(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT')
      return undefined;
    throw error;
  }
}

/**
 * The JSON in a file; undefined when there is none.
 * @param name what faults call it
 * @throws DawsosError `source_malformed`
 */
export async function readJsonFile(file: string, name: string): Promise<unknown> {
  const text = await readTextFile(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DawsosError('source_malformed', `${name}: it is not JSON`, { cause });
  }
}

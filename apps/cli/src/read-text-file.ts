import { readFileSync } from 'node:fs';
import { EXIT } from '@dawsos/service';
import { CliError } from './cli-error';

/** @throws CliError with exit code 66 when the file cannot be read */
export function readTextFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CliError(`cannot read ${file}`, EXIT.noInput, { fix: 'check the path' });
  }
}

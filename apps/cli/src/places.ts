import { resolve } from 'node:path';

/** The folders that the CLI works in. */
export interface Places {
  /** The project: patterns, examples, the other apps. */
  readonly root: string;
  /** What the embedded services keep. */
  readonly data: string;
}

export function findPlaces(
  environment: Readonly<Record<string, string | undefined>>,
  dataOption: string | undefined,
): Places {
  const root = environment['DAWSOS_ROOT'] ?? resolve(__dirname, '..', '..', '..');
  return {
    root,
    data: resolve(dataOption ?? environment['DAWSOS_DATA'] ?? resolve(root, '.dawsos', 'data')),
  };
}

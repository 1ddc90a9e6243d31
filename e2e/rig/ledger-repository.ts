import fs from 'node:fs';
import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as git from 'isomorphic-git';
import { ROOT } from './service-process';

const AUTHOR = { name: 'End to End', email: 'e2e@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 };

export interface LedgerRepository {
  readonly dir: string;
  commit(message: string): Promise<string>;
  append(file: string, text: string): Promise<void>;
  branch(name: string): Promise<void>;
}

/** The example ledger, and `more` behind it, in a git repository of the test's own. */
export async function createLedgerRepository(dir: string, more = ''): Promise<LedgerRepository> {
  await cp(join(ROOT, 'examples', 'ledger'), dir, { recursive: true });
  await appendFile(join(dir, 'main.beancount'), more);
  await git.init({ fs, dir, defaultBranch: 'main' });
  const repository: LedgerRepository = {
    dir,
    async commit(message) {
      await git.add({ fs, dir, filepath: '.' });
      return git.commit({ fs, dir, message, author: AUTHOR });
    },
    async append(file, text) {
      const path = join(dir, file);
      await writeFile(path, `${await readFile(path, 'utf8')}\n${text}\n`);
    },
    branch: (name) => git.branch({ fs, dir, ref: name, checkout: true }),
  };
  await repository.commit('Books');
  return repository;
}

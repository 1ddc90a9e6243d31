import fs from 'node:fs/promises';
import path from 'node:path';
import nodeFs from 'node:fs';
import * as git from 'isomorphic-git';

/** The ledger's files in this repository, from `src` and from `dist` alike. */
const EXAMPLE_LEDGER = path.resolve(__dirname, '../../../examples/ledger');
const BRANCH = 'main';
const AUTHOR = { name: 'Example Household', email: 'household@example.com', timezoneOffset: 0 };

export interface ExampleRepository {
  readonly dir: string;
  /** The newest commit of the example, the same on every machine. */
  readonly commit: string;
}

/**
 * Makes a git repository of the example ledger in `targetDir`: a commit for each year's file, with a fixed author
 * and dates, so that every hash is the same wherever it is made. A repository that is there already is left as it
 * is, and its newest commit on `main` is given.
 * @throws Error when `targetDir` holds something that is not a git repository.
 */
export async function createExampleLedgerRepository(
  targetDir: string,
  ledgerDir = EXAMPLE_LEDGER,
): Promise<ExampleRepository> {
  const dir = path.resolve(targetDir);
  await fs.mkdir(dir, { recursive: true });
  const existing = await fs.readdir(dir);
  if (existing.includes('.git') && (await hasCommit(dir))) {
    return { dir, commit: await git.resolveRef({ fs: nodeFs, dir, ref: BRANCH }) };
  }
  if (existing.some((name) => name !== '.git') && !existing.includes('.git')) {
    throw new Error(
      `${dir} is not empty and not a git repository; name another folder for the example ledger`,
    );
  }
  await git.init({ fs: nodeFs, dir, defaultBranch: BRANCH });
  const files = await filesBelow(ledgerDir);
  const years = files.filter((file) => file.startsWith('years/')).sort();
  const common = files.filter((file) => !file.startsWith('years/'));
  let commit = '';
  for (const [index, yearFile] of years.entries()) {
    const added = index === 0 ? [...common, yearFile] : [yearFile];
    for (const file of added) await copyFile(ledgerDir, dir, file);
    await git.add({ fs: nodeFs, dir, filepath: added });
    commit = await commitYear(dir, path.basename(yearFile, '.beancount'));
  }
  return { dir, commit };
}

async function hasCommit(dir: string): Promise<boolean> {
  const branches = await git.listBranches({ fs: nodeFs, dir });
  return branches.includes(BRANCH);
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await fs.readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.beancount'))
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

async function copyFile(from: string, to: string, file: string): Promise<void> {
  const target = path.join(to, file);
  await fs.mkdir(path.dirname(target), { recursive: true });
  await fs.writeFile(target, await fs.readFile(path.join(from, file)), { mode: 0o644 });
}

/** Dated the last moment of the year, UTC. */
function commitYear(dir: string, year: string): Promise<string> {
  const timestamp = Date.UTC(Number(year), 11, 31, 23, 59, 59) / 1000;
  const signature = { ...AUTHOR, timestamp };
  return git.commit({
    fs: nodeFs,
    dir,
    ref: `refs/heads/${BRANCH}`,
    message: `Books of ${year}\n`,
    author: signature,
    committer: signature,
  });
}

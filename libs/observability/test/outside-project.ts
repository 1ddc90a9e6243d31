import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const LIB = join(__dirname, '..');
const ROOT = join(LIB, '../..');
const NAME = '@dawsos/observability';

export interface OutsideProject {
  readonly dir: string;
  /** The lib as it was unpacked. */
  readonly lib: string;
  /** What the lib says it needs. */
  readonly dependencies: readonly string[];
  remove(): Promise<void>;
}

/**
 * The example in a folder outside of the repository, with the lib unpacked from its tarball. Beside it stands what the
 * lib and the example say that they depend on and nothing else, so that what they forgot to say is not found: links to
 * the packages installed here, since to download them again would take minutes and a network.
 */
export const createOutsideProject = async (example: string): Promise<OutsideProject> => {
  const dir = await mkdtemp(join(tmpdir(), 'dawsos-outside-'));
  await cp(join(ROOT, 'examples', example), dir, {
    recursive: true,
    filter: (path) => !/node_modules|\.tgz$/.test(path.slice(ROOT.length)),
  });
  const lib = join(dir, 'node_modules', NAME);
  await mkdir(lib, { recursive: true });
  const { stdout } = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir], {
    cwd: LIB,
    env: withoutNodeOptions(),
  });
  const tarball = /"filename":\s*"([^"]+)"/.exec(stdout)?.[1];
  if (tarball === undefined) throw new Error(`npm pack names no tarball: ${stdout}`);
  await execute('tar', ['-xzf', join(dir, tarball), '-C', lib, '--strip-components=1']);

  const dependencies = await dependenciesOf(lib);
  const own = (await dependenciesOf(dir)).filter((name) => name !== NAME);
  for (const name of new Set([...dependencies, ...own])) {
    const link = join(dir, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(installed(name), link);
  }
  return { dir, lib, dependencies, remove: () => rm(dir, { recursive: true }) };
};

const dependenciesOf = async (folder: string): Promise<readonly string[]> => {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies);
};

const installed = (name: string): string => {
  const found = [LIB, join(ROOT, 'libs/queue'), join(ROOT, 'apps/executor-api'), ROOT]
    .map((folder) => join(folder, 'node_modules', name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed: npm install`);
  return found;
};

const withoutNodeOptions = (): NodeJS.ProcessEnv => ({ ...process.env, NODE_OPTIONS: '' });

export interface OutsideProcess {
  /** What it printed so far. */
  output(): string;
  /** Ends it as an orchestrator would; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Runs the project's `node app.js`; resolves once it listens. */
export const startOutsideProject = async (
  { dir }: OutsideProject,
  environment: Readonly<Record<string, string>>,
): Promise<OutsideProcess> => {
  const child = spawn(process.execPath, ['app.js'], {
    cwd: dir,
    env: { ...withoutNodeOptions(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const listening = new Promise<boolean>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      if (line.includes('"msg":"listening"')) resolve(true);
    });
  });
  if (!(await Promise.race([listening, exited.then(() => false)]))) {
    throw new Error(`app.js ended at start:\n${output}`);
  }
  return {
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
};

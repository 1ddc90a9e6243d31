import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAIN = join(__dirname, '..', 'dist', 'main.js');

/** Prints the packages that a command has loaded when it ends. */
const LOADED = `
  process.on('exit', () => {
    const names = Object.keys(require.cache).map((file) => /node_modules.((?:@[^/\\\\]+.)?[^/\\\\]+)/.exec(file)?.[1]);
    process.stderr.write(JSON.stringify([...new Set(names)]));
  });
  process.argv = ['node', 'dawsos', ...process.argv.slice(1)];
  require(${JSON.stringify(MAIN)});
`;

describe('a command that only prints', () => {
  it.each(['--help', 'runs --help'])('dawsos %s loads nothing that it does not need', async (command) => {
    const { stdout, stderr } = await run(process.execPath, ['-e', LOADED, '--', ...command.split(' ')]);
    expect(stdout).toContain('Usage: dawsos');
    const loaded = JSON.parse(stderr) as string[];
    expect(loaded).toContain('commander');
    expect(loaded).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(?:kysely|pg|pino|pdfkit|isomorphic-git|@opentelemetry.*)$/),
      ]),
    );
  });
});

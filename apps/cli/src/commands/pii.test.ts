import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PiiFinding } from '@dawsos/observability';
import { Command } from 'commander';
import { CliError } from '../cli-error';
import type { Terminal } from '../terminal/terminal';
import { addPii } from './pii';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dawsos-cli-pii-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `dawsos pii check` prints on a file with this text, and the error that ends it. */
async function check(text: string, ...options: readonly string[]) {
  const file = join(folder, 'event.json');
  writeFileSync(file, text);
  const lines: string[] = [];
  const values: unknown[] = [];
  const terminal: Terminal = {
    interactive: false,
    width: 200,
    print: (line) => void lines.push(line),
    json: (value) => void values.push(value),
    note: () => undefined,
    redraw: () => undefined,
    style: (_style, line) => line,
    styleNote: (_style, line) => line,
  };
  const program = new Command().exitOverride().option('--json');
  addPii(program, { terminal, environment: {}, now: () => 0 });
  const error = await program.parseAsync(['pii', 'check', file, ...options], { from: 'user' }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { lines, findings: (values[0] ?? []) as readonly PiiFinding[], error };
}

const EVENT = JSON.stringify({
  user_id: 'alice',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  note: 'hello',
  message: 'card 4111 1111 1111 1111 of zoe@mail.test',
  worth: 284120.55,
  v: 0.5123,
});

test('says what is hashed, redacted and kept, where, by which rule and why', async () => {
  const { findings } = await check(EVENT, '--json');
  const said = findings.map(({ path, action, rule }) => `${path} ${action} ${rule}`);
  expect(said).toEqual([
    '$.user_id pseudonym ids',
    '$.trace_id keep telemetry-fields',
    '$.note keep none',
    '$.message redact email',
    '$.message redact card',
    '$.worth redact amount-fields',
    '$.v redact number',
  ]);
  expect(findings.every(({ reason }) => reason !== '')).toBe(true);
});

test('prints a line for each, below the titles', async () => {
  const { lines } = await check(EVENT);
  expect(lines).toHaveLength(9);
  expect(lines.join('\n')).toMatch(/\$\.user_id +pseudonym +ids +an id that joins across sinks +alice/);
});

test('says that a file is no JSON', async () => {
  const { error } = await check('{');
  expect(error).toBeInstanceOf(CliError);
});

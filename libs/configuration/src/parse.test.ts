import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  configurationReference,
  describeConfiguration,
  parseConfiguration,
  VARIABLES,
  type VariableName,
} from './index';

describe('the configuration', () => {
  it('parses what is set and falls back to defaults', () => {
    const configuration = parseConfiguration({ PORT: '0', STEP_CACHE: 'off' }, [
      'PORT',
      'STEP_CACHE',
      'LOG_LEVEL',
      'SENTRY_DSN',
    ]);
    expect(configuration).toEqual({ PORT: 0, STEP_CACHE: false, LOG_LEVEL: 'info', SENTRY_DSN: undefined });
  });

  it('names every variable that is wrong, its value and an example', () => {
    const parse = () =>
      parseConfiguration({ PORT: '99999', WORKER_CONCURRENCY: 'many' }, [
        'PORT',
        'WORKER_CONCURRENCY',
        'DATABASE_URL',
      ]);
    expect(parse).toThrow(
      /PORT: .*99999.*PORT=8080[\s\S]*WORKER_CONCURRENCY: .*many[\s\S]*DATABASE_URL: is not set/,
    );
    expect(parse).toThrow(expect.objectContaining({ code: 'invalid_configuration' }));
  });

  it('never shows a secret, neither in an error nor in the overview', () => {
    expect(() => parseConfiguration({ DATABASE_URL: 'mysql://u:hunter2@h/d' }, ['DATABASE_URL'])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
    const shown = describeConfiguration({ DATABASE_URL: 'postgresql://u:hunter2@h/d' });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  });

  it('takes a secret from the file that NAME_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'dawsos-')), 'dsn');
    writeFileSync(file, 'https://key@sentry.example.com/1\n');
    expect(parseConfiguration({ SENTRY_DSN_FILE: file }, ['SENTRY_DSN']).SENTRY_DSN).toBe(
      'https://key@sentry.example.com/1',
    );
    expect(() => parseConfiguration({ SENTRY_DSN_FILE: `${file}.none` }, ['SENTRY_DSN'])).toThrow(
      /SENTRY_DSN_FILE/,
    );
  });

  it('documents defaults as values that the schema takes, and that mean the same', () => {
    const rows = configurationReference().matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm);
    const documented = [...rows].map(([, name, value]) => [name as VariableName, value!] as const);
    expect(documented.length).toBeGreaterThan(20);
    for (const [name, value] of documented) {
      expect(parseConfiguration({ [name]: value }, [name])).toEqual(parseConfiguration({}, [name]));
    }
  });

  it('takes what it shows of a setting as that setting', () => {
    const names = Object.keys(VARIABLES) as VariableName[];
    const examples = Object.fromEntries(names.map((name) => [name, VARIABLES[name].example]));
    const configuration = parseConfiguration(examples, names);
    for (const { name, value } of describeConfiguration(configuration)) {
      if (VARIABLES[name as VariableName].secret) continue;
      expect(parseConfiguration({ [name]: value }, [name as VariableName])).toEqual({
        [name]: configuration[name as VariableName],
      });
    }
    expect(parseConfiguration({ STEP_CACHE: 'false' }, ['STEP_CACHE'])).toEqual({ STEP_CACHE: false });
  });

  it('gives an example for each variable that its own schema takes', () => {
    for (const [name, variable] of Object.entries(VARIABLES)) {
      expect(() => parseConfiguration({ [name]: variable.example }, [name as VariableName])).not.toThrow();
    }
  });

  it('is documented as it is (npm run docs writes the page)', () => {
    const page = readFileSync(resolve(__dirname, '../../../docs/configuration.md'), 'utf8');
    expect(page).toBe(configurationReference());
  });
});

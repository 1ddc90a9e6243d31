import { DawsosError } from '@dawsos/contracts';
import { EXIT, exitCodeFor } from './exit-code';
import { createReadiness } from './readiness';
import { createShutdownStack } from './shutdown';

describe('shutdown', () => {
  it('stops what was started last first, each once', async () => {
    const stopped: string[] = [];
    const stack = createShutdownStack();
    for (const name of ['database', 'queue', 'http']) stack.push(name, () => void stopped.push(name));
    await Promise.all([stack.run(1_000), stack.run(1_000)]);
    expect(stopped).toEqual(['http', 'queue', 'database']);
  });

  it('goes on past what fails or hangs, and names it', async () => {
    const stopped: string[] = [];
    const stack = createShutdownStack();
    stack.push('database', () => void stopped.push('database'));
    stack.push('hangs', () => new Promise<void>(() => undefined));
    stack.push('fails', () => Promise.reject(new Error('no')));
    expect(await stack.run(20)).toEqual(['fails', 'hangs']);
    expect(stopped).toEqual(['database']);
  });
});

describe('readiness', () => {
  it('is not given before the start is done, nor after the shutdown began', async () => {
    const readiness = createReadiness();
    expect(await readiness.check()).toEqual({ ready: false, checks: { started: false } });
    readiness.open();
    expect((await readiness.check()).ready).toBe(true);
    readiness.close();
    readiness.open();
    expect((await readiness.check()).ready).toBe(false);
  });

  it('names the check that fails', async () => {
    const readiness = createReadiness();
    readiness.add('database', () => Promise.reject(new Error('down')));
    readiness.add('queue', () => Promise.resolve());
    readiness.open();
    expect(await readiness.check()).toEqual({
      ready: false,
      checks: { started: true, database: false, queue: true },
    });
  });
});

describe('the exit code', () => {
  it.each([
    ['invalid_configuration', EXIT.configuration],
    ['store_unavailable', EXIT.unavailable],
    ['pack_not_fresh', EXIT.tryLater],
    ['export_blocked', EXIT.forbidden],
    ['run_not_found', EXIT.noInput],
    ['invalid_inputs', EXIT.badData],
    ['internal_error', EXIT.internal],
  ] as const)('of %s is %i', (code, exitCode) => {
    expect(exitCodeFor(new DawsosError(code, 'words'))).toBe(exitCode);
  });

  it('of a foreign error is that of a bug', () => {
    expect(exitCodeFor(new TypeError('x'))).toBe(EXIT.internal);
  });
});

import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import {
  backoffMs,
  createMemo,
  createSharedCalls,
  createSilenceGuardedSocket,
  settlesWithin,
  withDeadline,
} from './index';

const never = new Promise<never>(() => undefined);

describe('a deadline', () => {
  const late = { onTimeout: () => new Error('late') };

  it('lets work through that ends in time, and tells what comes late to stop', async () => {
    await expect(withDeadline({ timeoutMs: 60_000 }, late, () => 'done')).resolves.toBe('done');
    let told: AbortSignal | undefined;
    const hanging = withDeadline({ timeoutMs: 1 }, late, (signal) => {
      told = signal;
      return never;
    });
    await expect(hanging).rejects.toThrow('late');
    expect(told?.aborted).toBe(true);
  });

  it('ends with its caller', async () => {
    const leaving = new AbortController();
    const hanging = withDeadline({ timeoutMs: 60_000, outer: leaving.signal }, late, () => never);
    leaving.abort(new Error('gone'));
    await expect(hanging).rejects.toThrow('gone');
    await expect(
      withDeadline({ timeoutMs: 60_000, outer: leaving.signal }, late, () => 'done'),
    ).rejects.toThrow('gone');
  });

  it('tells whether work ended well in time, and never throws', async () => {
    expect(await settlesWithin(async () => 'done', 60_000)).toBe(true);
    expect(await settlesWithin(() => Promise.reject(new Error('broken')), 60_000)).toBe(false);
    expect(
      await settlesWithin(() => {
        throw new Error('broken at once');
      }, 60_000),
    ).toBe(false);
    expect(await settlesWithin(() => never, -5)).toBe(false);
  });
});

test('a backoff doubles up to its longest, whatever the number, and jitter only shortens it', () => {
  const policy = { firstMs: 500, longestMs: 30_000 };
  const plain = Array.from({ length: 8 }, (_, retry) => backoffMs({ ...policy, jitter: 'none' }, retry));
  expect(plain).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (retry, random) => {
      const most = backoffMs({ ...policy, jitter: 'none' }, retry);
      const half = backoffMs({ ...policy, jitter: 'half' }, retry, () => random);
      const full = backoffMs({ ...policy, jitter: 'full' }, retry, () => random);
      expect(most).toBeLessThanOrEqual(30_000);
      expect(half).toBeGreaterThanOrEqual(most / 2);
      expect(half).toBeLessThanOrEqual(most);
      expect(full).toBeLessThanOrEqual(most);
    }),
  );
});

test('a memo computes once, "nothing" too, and forgets what was used longest ago', () => {
  const memo = createMemo<string | undefined>(2);
  const computed: string[] = [];
  const ask = (key: string) =>
    memo(key, (asked) => {
      computed.push(asked);
      return asked === 'none' ? undefined : asked;
    });
  for (const key of ['none', 'none', 'a', 'none', 'b', 'none', 'a']) ask(key);
  expect(computed).toEqual(['none', 'a', 'b', 'a']);
  expect(ask('none')).toBeUndefined();
});

describe('calls that are shared', () => {
  /** A call that lasts until the test answers it. */
  function startCalls() {
    const calls = createSharedCalls<string>();
    const made: { readonly signal: AbortSignal; answer(text: string): void }[] = [];
    const ask = (signal?: AbortSignal) =>
      calls.share('key', (own) => new Promise((answer) => made.push({ signal: own, answer })), signal);
    return { made, ask };
  }

  it('are made once for all that ask at once, and anew for who asks after', async () => {
    const { made, ask } = startCalls();
    const answers = [ask(), ask()];
    made[0]!.answer('one');
    expect(await Promise.all(answers)).toEqual(['one', 'one']);
    const next = ask();
    made[1]!.answer('two');
    expect(await next).toBe('two');
    expect(made.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('are aborted when the last of those who wait has left, not before', async () => {
    const { made, ask } = startCalls();
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = Promise.allSettled([ask(first.signal), ask(second.signal)]);
    first.abort(new Error('first left'));
    await new Promise(setImmediate);
    expect(made[0]!.signal.aborted).toBe(false);
    second.abort(new Error('second left'));
    expect((await answers).map((end) => end.status)).toEqual(['rejected', 'rejected']);
    expect(made[0]!.signal.aborted).toBe(true);
    const late = ask();
    made[1]!.answer('anew');
    expect(await late).toBe('anew');
  });
});

test('a guarded socket ends with an error when its peer says nothing', async () => {
  const peers: Socket[] = [];
  const server = createServer((peer) => void peers.push(peer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = createSilenceGuardedSocket('the peer', 20);
  const ended = new Promise<Error>((resolve) => socket.once('error', resolve));
  socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
  expect(await ended).toMatchObject({ message: 'the peer went silent', code: 'ETIMEDOUT' });
  for (const peer of peers) peer.destroy();
  await new Promise((resolve) => server.close(resolve));
});

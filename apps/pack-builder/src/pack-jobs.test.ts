import { DawsosError, type PackQueueJob } from '@dawsos/contracts';
import type { PackBuilder } from './pack-builder';
import { processPackJob } from './pack-jobs';

/** What the builder is handed as its signal. */
async function signalOf(job: PackQueueJob, given: AbortSignal): Promise<AbortSignal | undefined> {
  let handed: AbortSignal | undefined;
  const note = async (signal: AbortSignal | undefined) => {
    handed = signal;
    return { kind: 'over' as const };
  };
  const builder: PackBuilder = {
    build: (_id, signal) => note(signal),
    buildNewest: (_by, _day, signal) => note(signal),
    recordFreshness: async () => undefined,
  };
  await processPackJob(builder, job, given);
  return handed;
}

describe.each<[string, PackQueueJob]>([
  ['a build that was asked for', { build_id: '0198c6a4-5d1e-7c3a-9d52-3b0f0f7f1a01' }],
  ['the nightly build', { newest: true }],
])('%s', (_what, job) => {
  it('is told of a shutdown, before its start too', async () => {
    const reason = new DawsosError('shutting_down', 'the worker is shutting down');
    const stopping = new AbortController();
    const handed = await signalOf(job, stopping.signal);
    expect(handed?.aborted).toBe(false);
    stopping.abort(reason);
    expect(handed?.reason).toBe(reason);
    expect((await signalOf(job, stopping.signal))?.reason).toBe(reason);
  });

  it('goes on without the queue’s lock: the database has one of its own', async () => {
    const losing = new AbortController();
    const handed = await signalOf(job, losing.signal);
    losing.abort(new DawsosError('lock_lost', 'the lock could not be renewed'));
    expect(handed?.aborted).toBe(false);
  });
});

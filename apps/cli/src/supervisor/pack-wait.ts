import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '@dawsos/service';
import { z } from 'zod';
import { CliError } from '../cli-error';
import { tailOf } from './log-tail';
import type { Service } from './services';

const PackHealthSchema = z.looseObject({ pack_id: z.string().nullish(), status: z.string().nullish() });
const FRESH_WITHIN_MS = 120_000;

/** Resolves once the API says that its pack is fresh. @throws CliError when the build failed or takes too long */
export async function awaitFreshPack(
  apiUrl: string,
  builder: Service,
): Promise<{ value: string; detail: string }> {
  const deadline = Date.now() + FRESH_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${apiUrl}/health/pack`, { signal: AbortSignal.timeout(5_000) });
    const pack = PackHealthSchema.parse(await answer.json());
    if (answer.status === 200) {
      const id = pack.pack_id ?? 'unknown';
      return { value: id, detail: `${id} ${pack.status ?? ''}` };
    }
    if (pack.status === 'error' || Date.now() > deadline) {
      throw new CliError('the pricing pack could not be built', EXIT.tryLater, {
        cause: tailOf(builder.process.log),
        fix: 'mend the price files or the ledger as the log says, and start again',
        log: builder.process.log,
      });
    }
    await delay(50);
  }
}

import { EXIT } from '@dawsos/service';
import type { ApiClient } from '../api/client';
import { RunPageSchema } from '../api/schemas';
import { CliError } from '../cli-error';

export const RUN_ARGUMENT = ['<id>', 'of a run, or "latest": the newest of yours'] as const;

/** The run that the argument names. @throws CliError when the latest is asked for and there is none */
export async function runIdOf(client: ApiClient, argument: string): Promise<string> {
  if (argument !== 'latest') return argument;
  const { runs } = await client.get('/v1/runs?page_size=1', RunPageSchema);
  const [latest] = runs;
  if (latest !== undefined) return latest.run_id;
  throw new CliError('there is no run yet', EXIT.noInput, {
    fix: 'start one with: dawsos execute portfolio_overview --wait',
  });
}

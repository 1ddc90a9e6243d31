import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { RunPageSchema } from '../api/schemas';
import { clientOf, type CliContext } from '../context';

const LIVE_IDS_WITHIN_MS = 400;

/** `dawsos completion SHELL` prints the script; the shell then asks by the hidden `complete -- WORDS…`. */
export function addCompletion(program: Command, runIds: readonly string[]): void {
  const completion = tab(program, { completionCommandName: 'completion' });
  for (const name of ['get', 'show', 'watch', 'cancel']) {
    const id = completion.commands.get(`runs ${name}`)?.arguments.get('id');
    if (id === undefined) continue;
    id.handler = (complete) => {
      for (const runId of runIds) complete(runId, 'run');
    };
  }
}

/** The newest runs, for the words of `runs get` and its like; none when nothing answers at once. */
export async function runIdsToComplete(
  context: CliContext,
  argv: readonly string[],
): Promise<readonly string[]> {
  if (argv[0] !== 'complete' || !argv.includes('runs')) return [];
  try {
    const page = clientOf(context, {}).get('/v1/runs?page_size=20', RunPageSchema);
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), LIVE_IDS_WITHIN_MS).unref();
    });
    const answer = await Promise.race([page, late]);
    return answer?.runs.map((run) => run.run_id) ?? [];
  } catch {
    return [];
  }
}

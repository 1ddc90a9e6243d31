import { rmSync } from 'node:fs';
import { startPostgres } from './postgres';

/**
 * A process that keeps one server for as long as whoever started it lives: it prints the server's address, and stops
 * the server when its standard input ends, which the death of the other process does too. Its argument is the file that
 * names the server to others, which goes with it.
 */
async function keep(): Promise<void> {
  const postgres = await startPostgres();
  const end = async (): Promise<void> => {
    rmSync(process.argv[2] ?? '', { force: true });
    await postgres.stop();
    process.exit(0);
  };
  process.stdin.resume().once('close', () => void end());
  // A test run that is interrupted from the keyboard ends the input as well; the signal must not kill the server first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdout.write(`${postgres.url}\n`);
}

void keep();

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { optionsOf, type CliContext } from '../context';

export function addVersion(program: Command, context: CliContext): void {
  program
    .command('version')
    .description('print the version')
    .action((_options: unknown, command: Command) => {
      const version = readVersion();
      if (optionsOf(command).json === true) context.terminal.json({ version, node: process.version });
      else context.terminal.print(`dawsos ${version}, Node ${process.version}`);
    });
}

export function readVersion(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

import type { Command } from 'commander';
import { optionsOf, type CliContext } from '../context';
import { withDatabase } from './store';

export function addDb(program: Command, context: CliContext): void {
  const db = program.command('db').description("the database's schema");
  db.command('migrate')
    .description('bring the schema to the newest version')
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf(command);
      const { migrateToLatest } = await import('@dawsos/database');
      const applied = await withDatabase(context, options, migrateToLatest);
      if (options.json === true) context.terminal.json({ applied });
      else for (const name of applied) context.terminal.print(name);
      if (applied.length === 0) context.terminal.note('nothing to do: the schema is the newest');
    });
  db.command('schema')
    .description('print the schema as text')
    .action(async (_options: unknown, command: Command) => {
      const { dumpSchema } = await import('@dawsos/database');
      const schema = await withDatabase(context, optionsOf(command), dumpSchema);
      context.terminal.print(schema.trimEnd());
    });
}

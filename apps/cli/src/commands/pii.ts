import { EXIT } from '@dawsos/service';
import type { Command } from 'commander';
import { CliError } from '../cli-error';
import { optionsOf, type CliContext } from '../context';
import { readTextFile } from '../read-text-file';
import { renderTable } from '../render/table';

export function addPii(program: Command, context: CliContext): void {
  const pii = program.command('pii').description('show what the PII filter does to data before it leaves');
  pii
    .command('check')
    .argument('<file>', 'a JSON file, for instance an event or a log line')
    .description('list what would be hashed, redacted and kept, and why; the list holds the data itself')
    .action(async (file: string, _options: unknown, command: Command) => {
      const { createPiiFilter } = await import('@dawsos/observability');
      const findings = createPiiFilter().report(parseJson(file));
      if (optionsOf(command).json === true) {
        context.terminal.json(findings);
        return;
      }
      const lines = renderTable(
        ['path', 'what is done', 'rule', 'why', 'found'].map((title) => ({ title, align: 'left' as const })),
        findings.map(({ path, action, rule, reason, found }) => [path, action, rule, reason, found]),
      );
      for (const line of lines) context.terminal.print(line);
    });
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readTextFile(file));
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${file} is not JSON`, EXIT.badData, { fix: 'give a file that holds one JSON value' });
  }
}

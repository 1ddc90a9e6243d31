import type { Command } from 'commander';
import { describeCapabilities } from '../capabilities';
import { optionsOf, type CliContext } from '../context';
import { renderTable } from '../render/table';

export function addCapabilities(program: Command, context: CliContext): void {
  program
    .command('capabilities')
    .description('list what the agents can do, for the steps of patterns; needs no service')
    .action(async (_options: unknown, command: Command) => {
      const capabilities = await describeCapabilities();
      if (optionsOf(command).json === true) {
        context.terminal.json(capabilities);
        return;
      }
      const lines = renderTable(
        ['capability', 'agent', 'what it gives'].map((title) => ({ title, align: 'left' as const })),
        capabilities.map(({ name, agentName, description }) => [name, agentName, description]),
      );
      for (const line of lines) context.terminal.print(line);
    });
}

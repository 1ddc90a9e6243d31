import { usageCsv } from '@dawsos/exports';
import { UsagePeriodSchema, UsageRowSchema, UsageUnitSchema } from '@dawsos/rights';
import { z } from 'zod';
import { defineRoute } from '../http/route';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 31;

const UsageQuerySchema = z.object({
  from: z.iso.date().optional().describe('The first day, UTC; by default 30 days before the last.'),
  to: z.iso.date().optional().describe('The last day, UTC; by default today.'),
  by: UsagePeriodSchema.default('month').describe('A row a day, a month, or the whole time.'),
  unit: UsageUnitSchema.default('uses').describe(
    'What is counted: answers and files, the principals who got them, or the runs they showed.',
  ),
  format: z.enum(['json', 'csv']).default('json'),
});

export const rightsUsageRoute = defineRoute({
  method: 'get',
  path: '/v1/rights/usage',
  scope: 'admin',
  query: UsageQuerySchema,
  description: {
    operationId: 'rightsUsage',
    tag: 'exports',
    summary: 'Displays and exports per source, as data vendors ask for them',
    description: 'Counted from the audit, over all principals. `blocked` counts what a source forbade.',
    responses: {
      200: {
        description: 'The report; as CSV with `format=csv`.',
        schema: z.object({ from: z.iso.date(), to: z.iso.date(), usage: z.array(UsageRowSchema) }),
      },
    },
  },
  async handle({ response, query }, { rightsUsage, now }) {
    const to = query.to ?? dayOf(now().getTime());
    const from = query.from ?? dayOf(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS);
    const usage = await rightsUsage({
      from: new Date(from),
      to: new Date(Date.parse(to) + DAY_MS),
      by: query.by,
      unit: query.unit,
    });
    if (query.format === 'csv') response.type('text/csv').send(usageCsv(usage));
    else response.json({ from, to, usage });
  },
});

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

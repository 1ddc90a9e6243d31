import { z } from 'zod';
import { JsonValueSchema } from './json';
import { PatternIdSchema } from './execute';
import { PermissionSchema } from './principal';

const StepIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, { error: 'must be lower-case letters, digits and _' });

export const PatternInputSchema = z.strictObject({
  type: z.enum(['string', 'integer', 'number', 'decimal', 'boolean', 'date', 'array', 'object']),
  description: z.string().optional(),
  required: z.boolean().optional(),
  default: JsonValueSchema.optional(),
  enum: z.array(JsonValueSchema).min(1).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  unit: z
    .enum(['fraction'])
    .optional()
    .describe('fraction: 0.03 is 3 %; one beyond 1 is refused as a percentage that was meant.'),
  max_length: z.int().positive().optional(),
});
export type PatternInput = z.infer<typeof PatternInputSchema>;

export const PatternStepSchema = z.strictObject({
  id: StepIdSchema.describe('Unique in the pattern; depends_on names it.'),
  capability: z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, { error: 'must be group.name' }),
  args: z.record(z.string(), JsonValueSchema).default({}),
  depends_on: z
    .array(StepIdSchema)
    .optional()
    .describe('Steps to wait for, beyond those that templates name.'),
  condition: z.string().optional().describe('Run only when true: comparison, and, or, not, null tests.'),
  timeout_ms: z.int().positive().max(600_000).optional(),
  retries: z.int().nonnegative().max(10).optional(),
  as: StepIdSchema.describe('The name under which templates and outputs see the result.'),
});
export type PatternStep = z.infer<typeof PatternStepSchema>;

const FormatSchema = z
  .enum([
    'text',
    'decimal',
    'quantity',
    'price',
    'money',
    'change',
    'percent',
    'percent_change',
    'points',
    'date',
  ])
  .describe(
    'quantity: as booked; price: with six significant digits; money: an amount by its currency; change: one with its sign; ' +
      'percent_change: a share with its sign; points: a part or difference of shares, in percentage points.',
  );
export type PanelFormat = z.infer<typeof FormatSchema>;

const PanelColumnSchema = z.strictObject({
  field: z.string(),
  title: z.string(),
  format: FormatSchema.optional(),
  currency: z
    .string()
    .optional()
    .describe(
      "The row's field with the code of an amount's currency, which is printed with it; else amounts are in base currency.",
    ),
  total: z.boolean().optional().describe('The column adds up in a last row.'),
  made_of: z
    .array(
      z.string().regex(/^-?[\w.[\]]+$/, { error: 'must be a field of another column, or - and a field' }),
    )
    .optional()
    .describe('Other columns, "-" before what is taken off, from whose printed amounts this one is made.'),
  optional: z
    .boolean()
    .optional()
    .describe('Left out where no row has it, such as a benchmark that was not set.'),
  no_meaning_if: z
    .string()
    .optional()
    .describe("The row's flag by which it has no such figure: its cell is empty, not a gap."),
});
export type PanelColumn = z.infer<typeof PanelColumnSchema>;

export const PanelSchema = z.strictObject({
  id: StepIdSchema,
  kind: z
    .enum(['metrics', 'table', 'line', 'pie', 'bar', 'donut', 'text', 'bridge', 'history'])
    .describe(
      'bridge: what portfolio.bridge gives; history: points with value, flow and, where given, drawdown.',
    ),
  title: z.string(),
  source: z.string().describe('A template path into the outputs, such as valued_positions.positions.'),
  columns: z.array(PanelColumnSchema).optional(),
  section: z
    .string()
    .optional()
    .describe('Panels that follow one another and name the same section stand under one head.'),
  note: z.string().optional().describe('Stands below the panel.'),
  finding: z
    .string()
    .optional()
    .describe("A chart's title that tells what it shows: text with {path:format}, see docs/reports.md."),
  width: z.enum(['half', 'full']).optional().describe('Half panels stand side by side in a document.'),
  group_by: z.string().optional().describe("A table's field by whose values its rows stand together."),
  subtotal: z
    .string()
    .optional()
    .describe('Names the row that adds up the rows before those in which a column has no meaning.'),
  sort_by: z.string().optional().describe('A number by which rows are sorted, the largest first.'),
  limit: z.int().positive().optional().describe('Rows that a document shows; the rest become one row.'),
  detail: z.boolean().optional().describe('For spreadsheets alone: too long for a page.'),
});
export type Panel = z.infer<typeof PanelSchema>;

export const PresentationSchema = z.strictObject({
  title: z.string().optional().describe("Of the document; the pattern's name where there is none."),
  subject: z
    .string()
    .optional()
    .describe('A path to the name of what it is about; the portfolio where there is none.'),
  layout: z.enum(['report', 'one_page']).optional(),
  key_figures: z
    .array(
      z.strictObject({
        title: z.string(),
        source: z.string(),
        format: FormatSchema.optional(),
        note: z.string().optional().describe('Text with {path:format}; left out where one of them is a gap.'),
      }),
    )
    .max(4)
    .optional()
    .describe('The answer, before all else.'),
  summary: z
    .array(z.string())
    .optional()
    .describe('Sentences with {path:format}, each left out where one of its figures is a gap.'),
  panels: z.array(PanelSchema),
});
export type Presentation = z.infer<typeof PresentationSchema>;

export const PatternDefinitionSchema = z.strictObject({
  $schema: z.string().optional(),
  id: PatternIdSchema,
  version: z.string().regex(/^\d+\.\d+\.\d+$/, { error: 'must be a version such as 1.0.0' }),
  name: z.string().min(1),
  description: z.string(),
  category: z.string().optional(),
  tags: z.array(z.string()).optional(),
  inputs: z.record(StepIdSchema, PatternInputSchema).default({}),
  steps: z.array(PatternStepSchema).min(1).max(100),
  outputs: z.array(StepIdSchema).min(1).describe("Names of steps' results (as); a skipped step's is null."),
  presentation: PresentationSchema.optional(),
  rights: z
    .strictObject({
      required: z
        .array(PermissionSchema)
        .default([])
        .describe(
          'The permissions that a key needs to run it and to read its runs; see `dawsos keys create --permissions`.',
        ),
      export: z.array(z.enum(['pdf', 'csv', 'json', 'xlsx'])).default([]),
    })
    .optional(),
});
/** A pattern: a declarative DAG of steps, each naming a capability. */
export type PatternDefinition = z.output<typeof PatternDefinitionSchema>;

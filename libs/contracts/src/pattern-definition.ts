import { z } from 'zod';
import { JsonValueSchema } from './json';
import { PatternIdSchema } from './execute';
import { RightSchema } from './principal';

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

export const PanelSchema = z.strictObject({
  id: StepIdSchema,
  kind: z.enum(['metrics', 'table', 'line', 'pie', 'bar', 'donut', 'text']),
  title: z.string(),
  source: z.string().describe('A template path into the outputs, such as valued_positions.positions.'),
  columns: z
    .array(
      z.strictObject({
        field: z.string(),
        title: z.string(),
        format: z.enum(['text', 'decimal', 'money', 'percent', 'date']).optional(),
      }),
    )
    .optional(),
});

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
  presentation: z.strictObject({ panels: z.array(PanelSchema) }).optional(),
  rights: z
    .strictObject({
      required: z
        .array(RightSchema)
        .default([])
        .describe('The rights that a key needs to run it; see `dawsos keys create --rights`.'),
      export: z.array(z.enum(['pdf', 'csv', 'json', 'xlsx'])).default([]),
    })
    .optional(),
});
/** A pattern: a declarative DAG of steps, each naming a capability. */
export type PatternDefinition = z.output<typeof PatternDefinitionSchema>;

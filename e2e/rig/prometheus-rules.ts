import { parse } from 'yaml';
import { z } from 'zod';
import { readTexts } from './repository-text';

const RuleSchema = z.object({
  record: z.string().optional(),
  alert: z.string().optional(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
});
const FileSchema = z.object({
  groups: z.array(z.object({ name: z.string(), rules: z.array(RuleSchema) })),
});
export type PrometheusRule = z.infer<typeof RuleSchema>;

/** The rules that record and those that alert, of all files. */
export function readRules(): readonly PrometheusRule[] {
  return [...readTexts('observability/prometheus', /\.rules\.yml$/).values()].flatMap((text) =>
    FileSchema.parse(parse(text)).groups.flatMap((group) => group.rules),
  );
}

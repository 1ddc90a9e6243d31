import { PatternDefinitionSchema } from '@dawsos/contracts';
import { z } from 'zod';

/** `patterns/pattern.schema.json`: the JSON Schema that an editor checks a pattern with, as text. */
export function patternJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(PatternDefinitionSchema, {
    io: 'input',
    target: 'draft-2020-12',
  });
  const titled = { $schema, title: 'A dawsos pattern', ...schema };
  return `${JSON.stringify(titled, null, 2)}\n`;
}

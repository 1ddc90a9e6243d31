import { PatternDefinitionSchema } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute } from '../http/route';

const PatternSummarySchema = PatternDefinitionSchema.pick({
  id: true,
  version: true,
  name: true,
  description: true,
  category: true,
  tags: true,
  inputs: true,
});

export const listPatterns = defineRoute({
  method: 'get',
  path: '/v1/patterns',
  scope: 'read',
  description: {
    operationId: 'listPatterns',
    tag: 'patterns',
    summary: 'The patterns that can be run',
    responses: {
      200: { description: 'All patterns.', schema: z.object({ patterns: z.array(PatternSummarySchema) }) },
    },
  },
  handle({ response }, { patterns }) {
    response.json({
      patterns: patterns.all().map(({ definition }) => PatternSummarySchema.strip().parse(definition)),
    });
  },
});

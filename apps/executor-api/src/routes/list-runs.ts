import { PatternIdSchema, RunSchema, RunStatusSchema } from '@dawsos/contracts';
import type { RunFilter, RunPage } from '@dawsos/runs';
import { z } from 'zod';
import { linkToNext } from '../http/link';
import { pageTokens } from '../http/page-token';
import { defineRoute } from '../http/route';
import { PageQuery } from './page-query';

type Position = NonNullable<RunPage['next']>;

const tokens = pageTokens(
  z.tuple([z.iso.datetime(), z.uuid()]),
  ({ createdAt, runId }: Position) => [createdAt.toISOString(), runId] as const,
  ([createdAt, runId]) => ({ createdAt: new Date(createdAt), runId }),
);

const Instant = z.iso
  .datetime({ offset: true, error: 'must be an instant such as 2025-10-22T08:00:00Z' })
  .transform((text) => new Date(text));

const Query = PageQuery.extend({
  pattern_id: PatternIdSchema.optional(),
  status: RunStatusSchema.optional(),
  created_after: Instant.optional().describe('Created at this instant or later.'),
  created_before: Instant.optional().describe('Created before this instant.'),
});

export const listRuns = defineRoute({
  method: 'get',
  path: '/v1/runs',
  scope: 'read',
  query: Query,
  description: {
    operationId: 'listRuns',
    tag: 'runs',
    summary: 'Your runs, newest first',
    description: 'Without their results. A page may be empty and still have a next one; there is no total.',
    responses: {
      200: {
        description: 'A page of runs.',
        schema: z.object({ runs: z.array(RunSchema), next_page_token: z.string().nullable() }),
        headers: { Link: '`rel="next"`: the next page (RFC 8288).' },
      },
    },
  },
  async handle({ request, response, query, caller }, { runs }) {
    const after = query.page_token === undefined ? null : tokens.decode(query.page_token);
    const page = await runs.list(caller.principal, filterOf(query), after, query.page_size);
    const next = page.next === null ? null : tokens.encode(page.next);
    if (next !== null) response.setHeader('Link', linkToNext(request.originalUrl, next));
    response.json({ runs: page.runs, next_page_token: next });
  },
});

function filterOf(query: z.output<typeof Query>): RunFilter {
  return {
    ...(query.pattern_id === undefined ? {} : { patternId: query.pattern_id }),
    ...(query.status === undefined ? {} : { status: query.status }),
    ...(query.created_after === undefined ? {} : { createdAfter: query.created_after }),
    ...(query.created_before === undefined ? {} : { createdBefore: query.created_before }),
  };
}

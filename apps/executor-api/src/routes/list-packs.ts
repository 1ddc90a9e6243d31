import { isoDate, IsoDateSchema, PackStatusSchema, PackSummarySchema } from '@dawsos/contracts';
import type { PackPage } from '@dawsos/pricing';
import { z } from 'zod';
import { linkToNext } from '../http/link';
import { pageTokens } from '../http/page-token';
import { defineRoute } from '../http/route';
import { PageQuery } from './page-query';

type Position = NonNullable<PackPage['next']>;

const tokens = pageTokens(
  z.tuple([IsoDateSchema, z.string().max(64)]),
  ({ asofDate, packId }: Position) => [asofDate, packId] as const,
  ([asofDate, packId]) => ({ asofDate: isoDate(asofDate), packId }),
);

export const listPacks = defineRoute({
  method: 'get',
  path: '/v1/packs',
  scope: 'read',
  query: PageQuery.extend({
    status: PackStatusSchema.optional(),
    policy: z
      .string()
      .regex(/^[A-Z0-9]{1,24}$/, { error: 'must be a policy such as CLOSE' })
      .optional(),
  }),
  description: {
    operationId: 'listPacks',
    tag: 'packs',
    summary: 'Pricing packs, newest first',
    responses: {
      200: {
        description: 'A page of packs.',
        schema: z.object({ packs: z.array(PackSummarySchema), next_page_token: z.string().nullable() }),
        headers: { Link: '`rel="next"`: the next page (RFC 8288).' },
      },
    },
  },
  async handle({ request, response, query }, { packs }) {
    const page = await packs.list({
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(query.policy === undefined ? {} : { policy: query.policy }),
      after: query.page_token === undefined ? null : tokens.decode(query.page_token),
      limit: query.page_size,
    });
    const next = page.next === null ? null : tokens.encode(page.next);
    if (next !== null) response.setHeader('Link', linkToNext(request.originalUrl, next));
    response.json({ packs: page.packs, next_page_token: next });
  },
});

import { DawsosError, PackIdSchema, PackSummarySchema } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute } from '../http/route';

export const getPack = defineRoute({
  method: 'get',
  path: '/v1/packs/{pack_id}',
  scope: 'read',
  params: z.object({ pack_id: z.string() }),
  description: {
    operationId: 'getPack',
    tag: 'packs',
    summary: 'One pricing pack, without its prices',
    responses: { 200: { description: 'The pack.', schema: PackSummarySchema } },
    problems: [404],
  },
  async handle({ response, params }, { packs }) {
    const id = PackIdSchema.safeParse(params.pack_id);
    const pack = id.success ? await packs.find(id.data) : undefined;
    if (pack === undefined) throw new DawsosError('pack_not_found', 'There is no such pricing pack.');
    response.json(pack);
  },
});

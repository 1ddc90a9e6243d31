import { DawsosError, maySeePortfolio, PackIdSchema, PriceGapsSchema } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute } from '../http/route';

export const packGaps = defineRoute({
  method: 'get',
  path: '/v1/packs/{pack_id}/gaps',
  scope: 'read',
  params: z.object({ pack_id: z.string() }),
  query: z.object({ portfolio_id: z.string().min(1).max(64).optional() }),
  description: {
    operationId: 'packGaps',
    tag: 'packs',
    summary: 'What a portfolio needs and a pack lacks',
    description:
      'Prices and rates as rows: the commodity, the currency, the days and why. `latest` as the pack is the one that ' +
      'a request would get; where none was built, everything is missing. Without a portfolio, of the whole ledger.',
    responses: { 200: { description: 'The gaps; none where nothing is missing.', schema: PriceGapsSchema } },
    problems: [403, 404, 422],
  },
  async handle({ response, params, query, caller }, { books }) {
    const portfolioId = query.portfolio_id ?? null;
    if (!maySeePortfolio(caller.principal, portfolioId)) {
      throw new DawsosError('portfolio_forbidden', 'This key may not see that portfolio.', {
        errors: [{ pointer: '/portfolio_id', detail: 'is not one of the portfolios of this key' }],
      });
    }
    const named = PackIdSchema.safeParse(params.pack_id);
    if (!named.success && params.pack_id !== 'latest') {
      throw new DawsosError('pack_not_found', 'There is no such pricing pack.');
    }
    response.json(await books.gaps(named.success ? named.data : undefined, portfolioId));
  },
});

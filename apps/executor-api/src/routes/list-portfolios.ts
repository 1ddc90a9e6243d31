import { maySeePortfolio, PortfolioSummarySchema } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute } from '../http/route';

export const listPortfolios = defineRoute({
  method: 'get',
  path: '/v1/portfolios',
  scope: 'read',
  description: {
    operationId: 'listPortfolios',
    tag: 'portfolios',
    summary: 'The portfolios that a request may name',
    description:
      'Those that the ledger declares and the key may see; where it declares none, `all`: all assets and liabilities.',
    responses: {
      200: {
        description: 'By the order of the ledger.',
        schema: z.object({ portfolios: z.array(PortfolioSummarySchema) }),
      },
    },
    problems: [422],
  },
  async handle({ response, caller }, { books }) {
    const portfolios = await books.portfolios();
    response.json({
      portfolios: portfolios.filter(({ portfolio_id: id }) => maySeePortfolio(caller.principal, id)),
    });
  },
});

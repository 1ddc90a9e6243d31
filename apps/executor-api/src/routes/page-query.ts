import { z } from 'zod';

const MOST_ON_A_PAGE = 100;

export const PageQuery = z.strictObject({
  page_size: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_ON_A_PAGE)
    .default(20)
    .describe(`1 to ${String(MOST_ON_A_PAGE)}; 20 when absent.`),
  page_token: z.string().optional().describe('`next_page_token` of the page before; opaque.'),
});

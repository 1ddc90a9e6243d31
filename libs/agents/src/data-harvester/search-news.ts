import { addDays } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField } from '../financial-analyst/decimal-fields';

export const searchNews = defineCapability({
  name: 'news.search',
  description:
    'What sources published on commodities in the days up to the as-of date, newest first, with publisher and address. ' +
    'Nothing later than the as-of date is there; a commodity that no source knows is named.',
  args: z.strictObject({
    commodities: z.array(z.string().min(1).max(64)).min(1).max(500),
    lookback_days: z.int().positive().max(366),
    limit: z.int().positive().max(1_000),
  }),
  result: z.object({
    from: DateField,
    to: DateField,
    total: z.int().describe('How many there are, the limit aside.'),
    items: z.array(
      z.object({
        commodity: z.string(),
        published_at: z.string(),
        publisher: z.string(),
        title: z.string(),
        summary: z.string().nullable(),
        url: z.string(),
        source: z.string(),
      }),
    ),
    without_source: z.array(z.string()),
  }),
  run: async ({ commodities, lookback_days, limit }, { source, asofDate }) => {
    const from = addDays(asofDate, 1 - lookback_days);
    const names = [...new Set(commodities)].sort();
    const found = await Promise.all(names.map((commodity) => source.news(commodity, from, asofDate)));
    const items = names.flatMap((commodity, index) =>
      (found[index]?.value ?? []).map((item) => ({
        commodity,
        published_at: item.publishedAt,
        publisher: item.publisher,
        title: item.title,
        summary: item.summary,
        url: item.url,
        source: found[index]?.source ?? '',
      })),
    );
    items.sort((a, b) => (a.published_at > b.published_at ? -1 : a.published_at < b.published_at ? 1 : 0));
    return {
      from,
      to: asofDate,
      total: items.length,
      items: items.slice(0, limit),
      without_source: names.filter((_, index) => found[index] === undefined),
    };
  },
});

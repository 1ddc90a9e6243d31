import type { IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { parseFormat } from '../parse-format';
import type { NewsItem } from './news-source';

const AnswerSchema = z.looseObject({
  status: z.literal('ok'),
  articles: z.array(
    z.looseObject({
      source: z.looseObject({ name: z.string() }),
      title: z.string(),
      description: z.string().nullish(),
      url: z.url({ protocol: /^https?$/ }),
      publishedAt: z.iso.datetime(),
    }),
  ),
});

/**
 * An answer of NewsAPI's `/v2/everything`: what was published on the UTC days from `from` to `to`, newest first; the
 * same address counts once.
 * @throws DawsosError `source_malformed`
 */
export function readNewsApi(
  body: unknown,
  name: string,
  { from, to }: { readonly from: IsoDate; readonly to: IsoDate },
): NewsItem[] {
  const parsed = parseFormat(AnswerSchema, body, name);
  const items = parsed.articles.map(({ source, title, description, url, publishedAt }): NewsItem => ({
    publishedAt,
    publisher: source.name,
    title,
    summary: description ?? null,
    url,
  }));
  const byAddress = new Map(items.map((item) => [item.url, item]));
  return [...byAddress.values()]
    .filter(({ publishedAt }) => publishedAt.slice(0, 10) >= from && publishedAt.slice(0, 10) <= to)
    .sort((a, b) => compare(b.publishedAt, a.publishedAt) || compare(a.url, b.url));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

import { pick } from '@dawsos/contracts';
import { isRecord } from './printed';

/** What a result says of itself, wherever it stands in it. */
export interface Surroundings {
  readonly portfolioName: string | null;
  readonly owner: string | null;
  readonly baseCurrency: string | null;
  readonly benchmark: string | null;
  readonly period: { readonly start: string; readonly end: string } | null;
}

export function surroundingsOf(figures: readonly unknown[]): Surroundings {
  const text = (path: string): string | null => {
    for (const figure of figures) {
      const value = pick(figure, path);
      if (typeof value === 'string' && value !== '') return value;
    }
    return null;
  };
  const [start, end] = [text('period.start'), text('period.end')];
  return {
    portfolioName: text('portfolio.name'),
    owner: text('portfolio.owner'),
    baseCurrency: text('base_currency') ?? text('portfolio.base_currency'),
    benchmark: text('benchmark.name'),
    period: start === null || end === null ? null : { start, end },
  };
}

/** The base currency of a figure: its own, else that of the result. */
export function currencyOf(figure: unknown, around: Surroundings): string | null {
  const own = isRecord(figure) ? figure['base_currency'] : undefined;
  return typeof own === 'string' ? own : around.baseCurrency;
}

import { pick } from '@dawsos/contracts';
import { cellOf, isRecord } from './printed';

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
    benchmark: benchmarkOf(figures),
    period: start === null || end === null ? null : { start, end },
  };
}

/** Weights by commodity, such as "60.00 % CDNX, 40.00 % USAG"; one alone by its name. */
function benchmarkOf(figures: readonly unknown[]): string | null {
  const weights = figures.map((figure) => pick(figure, 'benchmark')).find(isRecord);
  const parts = Object.entries(weights ?? {});
  const [only] = parts;
  if (only === undefined) return null;
  if (parts.length === 1) return only[0];
  return parts.map(([name, weight]) => `${cellOf(weight, { format: 'percent' }).text} ${name}`).join(', ');
}

/** The base currency of a figure: its own, else that of the result. */
export function currencyOf(figure: unknown, around: Surroundings): string | null {
  const own = isRecord(figure) ? figure['base_currency'] : undefined;
  return typeof own === 'string' ? own : around.baseCurrency;
}

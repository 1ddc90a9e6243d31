import type { PatternInput } from './pattern-definition';

/**
 * The inputs that say how a figure is measured: the same name means the same in every pattern that has it. A test of
 * the patterns that ship compares each with its entry here; only the default may be a pattern's own.
 */
export const MEASUREMENT_INPUTS: Readonly<Record<string, PatternInput>> = {
  from: {
    type: 'date',
    description:
      'The close from which is measured: 2024-12-31 for what 2025 brought. Counts before period and lookback_days.',
  },
  to: {
    type: 'date',
    description: 'The close to which is measured; the as-of date by default.',
  },
  period: {
    type: 'string',
    description:
      'From the close before its first day to "to": month, quarter or year to date, months or years back, SI since inception. Counts before lookback_days.',
    enum: ['MTD', 'QTD', 'YTD', '1M', '3M', '6M', '1Y', '3Y', '5Y', 'SI'],
  },
  lookback_days: {
    type: 'integer',
    description: 'Calendar days of history, where neither from nor period is given.',
    minimum: 1,
    maximum: 36_600,
  },
  base_currency: {
    type: 'string',
    description: 'What figures are in, such as "EUR"; the portfolio\'s own currency by default.',
    max_length: 24,
  },
  flow_timing: {
    type: 'string',
    description:
      'When an external flow counts within its day: "revalued" values the portfolio at the flow (Modified Dietz where prices are over 31 days old, or "refuse" them); else a daily convention.',
    enum: ['revalued', 'refuse', 'inflow-start-outflow-end', 'start', 'end'],
    default: 'revalued',
  },
  grid: {
    type: 'string',
    description:
      'Of volatility, Sharpe ratio, value at risk and beta; the finest that the quotes carry by default.',
    enum: ['daily', 'weekly', 'monthly'],
  },
  risk_free_rate: {
    type: 'decimal',
    unit: 'fraction',
    description:
      'A year\'s risk-free return as a fraction, such as "0.03"; without it there is no Sharpe ratio.',
  },
  risk_free_step: {
    type: 'string',
    description: 'A step\'s part of the risk-free rate: "arithmetic" a fraction of it, "compound" its root.',
    enum: ['arithmetic', 'compound'],
    default: 'arithmetic',
  },
  benchmark: {
    type: 'object',
    description:
      'What to compare with: weights by commodity that add up to 1, such as {"CDNX": "0.6", "USAG": "0.4"}; price return.',
  },
  scenarios: {
    type: 'string',
    description:
      'Of the value at risk: the returns that the portfolio had ("realised"), or those of today\'s units at past prices.',
    enum: ['realised', 'current-holdings'],
    default: 'realised',
  },
  tail_rule: {
    type: 'string',
    description:
      'How value at risk is read from the returns: "historical" the k-th worst, "linear" interpolated, "normal" from mean and deviation.',
    enum: ['historical', 'linear', 'normal'],
    default: 'historical',
  },
};

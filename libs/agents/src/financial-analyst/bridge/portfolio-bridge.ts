import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../../capability';
import { BaseCurrencyField, reportedIn } from '../base-currency';
import { CONVENTIONS, ConventionsSchema } from '../conventions';
import { DecimalField } from '../decimal-fields';
import { metaText } from '../holdings';
import { portfolioRow, PortfolioSchema } from '../ledger-positions';
import { PeriodArgs } from '../measured-period';
import { PeriodSchema } from '../nav-fields';
import { navHistory, periodDays } from '../nav-history';
import { gapOf, StatedGapSchema, type StatedGap } from '../stated-gap';
import { bridgeAmounts, PartSchema, type BridgeAmounts } from './bridge-parts';
import { costRows, CostRowSchema } from './cost-rows';
import { incomeRows, IncomeRowSchema } from './income-rows';
import { bridgePostings, type BridgePosting } from './bridge-postings';

export const portfolioBridge = defineCapability({
  name: 'portfolio.bridge',
  description:
    'From the opening to the closing value of a period: what was paid in and taken out, income gross, fees, taxes ' +
    'withheld, exchange rates, and price gains as what these leave, so that it adds up to the last digit; income by ' +
    'source and fees by kind beside it.',
  args: z.strictObject({ ...PeriodArgs, base_currency: BaseCurrencyField }),
  result: z.object({
    base_currency: z.string(),
    portfolio: PortfolioSchema.extend({
      owner: z.string().nullable().describe('Metadata `owner` of the portfolio directive.'),
    }),
    period: PeriodSchema.nullable(),
    opening: DecimalField.nullable(),
    closing: DecimalField.nullable(),
    earned: DecimalField.nullable().describe('closing − opening − contributions − withdrawals.'),
    parts: z.array(PartSchema).describe('opening + Σ amount = closing, exactly.'),
    income: z.array(IncomeRowSchema),
    fees: z.array(CostRowSchema),
    conventions: ConventionsSchema,
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ base_currency, ...asked }, given) => {
    const context = reportedIn(given, base_currency);
    const history = navHistory(context, asked);
    const [first, last] = [history.days[0], history.days.at(-1)];
    const ends = first && last ? { start: first.date, end: last.date } : null;
    const postings = ends === null ? [] : bridgePostings(context, ends);
    const amounts = bridgeAmounts(history, postings);
    return {
      base_currency: history.baseCurrency,
      portfolio: { ...portfolioRow(context), owner: ownerOf(context) },
      period: ends === null ? null : { ...ends, days: periodDays(history.days) },
      ...amounts,
      income: incomeRows(postings, context),
      fees: costRows(postings),
      conventions: {
        ...(ends === null ? {} : { period: `close ${ends.start} to close ${ends.end}` }),
        bridge: CONVENTIONS.bridge,
      },
      gaps: gapsOf(amounts, postings, context),
    };
  },
});

function ownerOf({ ledger, asofDate }: CapabilityContext): string | null {
  const { id } = ledger.portfolio();
  const declared = ledger
    .customs('portfolio', asofDate)
    .filter(({ values: [name] }) => name?.kind === 'string' && name.value === id);
  return declared.map(({ meta }) => metaText(meta, 'owner')).findLast((owner) => owner !== null) ?? null;
}

/** Says of each part that cannot be told why; what others leave of a gap is one itself. */
function gapsOf(
  { opening, closing, parts }: BridgeAmounts,
  postings: readonly BridgePosting[],
  { ledger, asofDate }: CapabilityContext,
): StatedGap[] {
  if (postings.length === 0 && opening === null && closing === null && parts.length === 0) {
    return [
      gapOf('bridge', 'insufficient_history', `there is no entry on or before ${asofDate}`, 'portfolio'),
    ];
  }
  const { baseCurrency } = ledger.portfolio();
  const withoutRate = [
    ...new Set(
      postings
        .filter(({ amountBase }) => amountBase === null)
        .map(({ currency, transaction }) => `${currency}:${baseCurrency}@${transaction.date}`),
    ),
  ];
  const untold = [
    ...(opening === null ? ['opening'] : []),
    ...parts.filter(({ amount }) => amount === null).map(({ key }) => key),
    ...(closing === null ? ['closing'] : []),
  ];
  const [code, detail] =
    withoutRate.length > 0
      ? (['rate_missing', 'income or costs came in a currency without a rate on their day'] as const)
      : (['price_missing', 'something held or moved in the period has no value on one of its days'] as const);
  return untold.map((figure) => gapOf(figure, code, detail, 'portfolio', withoutRate));
}

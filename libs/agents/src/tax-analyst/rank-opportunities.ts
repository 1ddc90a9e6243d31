import { ONE, ZERO, type Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, decimal, DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { StatedGapSchema, type StatedGap } from '../financial-analyst/stated-gap';
import { LossSchema, type Loss } from './identify-losses';
import { TermField } from './realised-gains';
import { WashRiskSchema } from './wash-sale-check';

const RateField = DecimalField.refine((text) => Number(text) >= 0 && Number(text) <= 1, {
  error: 'must be a fraction from 0 to 1, such as "0.32"',
}).nullish();

const OpportunitySchema = z.object({
  account: z.string(),
  commodity: z.string(),
  name: z.string().nullable(),
  acquired: DateField.nullable(),
  term: TermField,
  units: DecimalField,
  loss_base: DecimalField.describe('Unrealised, as a positive number.'),
  wash_sale_risk: WashRiskSchema.shape.risk,
  harvestable_base: DecimalField.describe('loss_base less the share that a wash sale would disallow now.'),
  benefit_base: DecimalField.nullable().describe('harvestable_base × the rate of its term.'),
  clear_from: DateField,
  buy_back_from: DateField,
});
type Opportunity = z.infer<typeof OpportunitySchema>;

export const rankOpportunities = defineCapability({
  name: 'tax.rank_opportunities',
  description:
    'Losses to realise, by tax saved where both rates are given, else by loss. The saving assumes gains of the same ' +
    'term to set the loss against; it is a deferral, since what is bought back has the lower basis.',
  args: z.strictObject({
    losses: z.array(LossSchema),
    risks: z.array(WashRiskSchema),
    avoid_wash_sales: z.boolean(),
    short_term_rate: RateField,
    long_term_rate: RateField,
  }),
  result: z.object({
    opportunities: z.array(OpportunitySchema),
    left_out: z.array(OpportunitySchema).describe('Wash sales, where those are to be avoided.'),
    total_harvestable_base: DecimalField,
    total_benefit_base: DecimalField.nullable(),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ losses, risks, avoid_wash_sales, short_term_rate, long_term_rate }) => {
    const rates = { short: short_term_rate ?? null, long: long_term_rate ?? null };
    const all = losses.map((lot, index) => opportunity(lot, risks[index], rates)).sort(byWorth(rates));
    const isLeftOut = (one: Opportunity): boolean => avoid_wash_sales && one.wash_sale_risk !== 'none';
    const opportunities = all.filter((one) => !isLeftOut(one));
    return {
      opportunities,
      left_out: all.filter(isLeftOut),
      total_harvestable_base: figure(sum(opportunities.map((one) => one.harvestable_base))),
      total_benefit_base: opportunities.every((one) => one.benefit_base !== null)
        ? figure(sum(opportunities.map((one) => one.benefit_base ?? '0')))
        : null,
      gaps: gaps(opportunities, rates),
    };
  },
});

interface Rates {
  readonly short: string | null;
  readonly long: string | null;
}

function opportunity(lot: Loss, risk: z.infer<typeof WashRiskSchema> | undefined, rates: Rates): Opportunity {
  if (risk === undefined) throw new RangeError(`no wash-sale check of the lot of ${lot.commodity}`);
  const loss = decimal(lot.gain_base).negated();
  const free = ONE.minus(decimal(risk.replaced_units).div(decimal(lot.units)));
  const harvestable = loss.times(free);
  const rate = lot.term && rates[lot.term];
  return {
    account: lot.account,
    commodity: lot.commodity,
    name: lot.name,
    acquired: lot.acquired,
    term: lot.term,
    units: lot.units,
    loss_base: figure(loss),
    wash_sale_risk: risk.risk,
    harvestable_base: figure(harvestable),
    benefit_base: figureOrNull(rate === null ? null : harvestable.times(decimal(rate))),
    clear_from: risk.clear_from,
    buy_back_from: risk.buy_back_from,
  };
}

function byWorth({ short, long }: Rates): (a: Opportunity, b: Opportunity) => number {
  const worth = (one: Opportunity): Decimal =>
    decimal(short === null || long === null ? one.harvestable_base : (one.benefit_base ?? '0'));
  return (a, b) => worth(b).comparedTo(worth(a));
}

const sum = (texts: readonly string[]): Decimal =>
  texts.reduce((total, text) => total.plus(decimal(text)), ZERO);

function gaps(opportunities: readonly Opportunity[], rates: Rates): StatedGap[] {
  const missing = (['short', 'long'] as const).filter(
    (term) => rates[term] === null && opportunities.some((one) => one.term === term),
  );
  const undated = opportunities.some((one) => one.term === null);
  return [
    ...missing.map((term) => ({
      figure: 'benefit_base',
      code: 'input_missing',
      detail: `no ${term}_term_rate was given`,
    })),
    ...(undated
      ? [{ figure: 'benefit_base', code: 'lot_undated', detail: 'a lot has no date, so no term' }]
      : []),
  ];
}

import { isDawsosError, type Decimal } from '@dawsos/contracts';
import { unitSizes } from '@dawsos/ledger';
import { holdingTerm, longTermFrom, type OpenParcel } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { valueLots, type ValuedLot } from '../financial-analyst/apply-pack';
import { DateField, DecimalField, exact, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { byText, metaText, transactions } from '../financial-analyst/holdings';
import { lotRows, type LotRow } from '../financial-analyst/ledger-positions';
import type { Leg } from '../financial-analyst/lot-book/legs';
import { isMoney } from '../financial-analyst/market-history';
import { StatedGapSchema, type StatedGap } from '../financial-analyst/stated-gap';
import { TermField } from './realised-gains';
import { lackGaps, unique } from './tax-gaps';
import { taxHistory } from './tax-history';

export const TaxLotSchema = z.object({
  account: z.string(),
  commodity: z.string(),
  name: z.string().nullable(),
  acquired: DateField.nullable(),
  label: z.string().nullable(),
  held_from: DateField.nullable(),
  term: TermField.describe('Of a sale on the as-of date.'),
  long_term_from: DateField.nullable(),
  units: DecimalField.describe('Negative for a short position.'),
  unit_cost: DecimalField,
  cost_currency: z.string(),
  price: DecimalField.nullable(),
  price_currency: z.string().nullable(),
  price_date: DateField.nullable(),
  basis_base: DecimalField.nullable().describe(
    'Cost, purchase costs and what wash sales added; of a short position what it was opened for, negative.',
  ),
  wash_basis_base: DecimalField.describe('Of the basis, what wash sales added.'),
  value_base: DecimalField.nullable().describe('At the market, before the costs of selling.'),
  gain_base: DecimalField.nullable().describe('value_base − basis_base.'),
});
export type TaxLot = z.infer<typeof TaxLotSchema>;

export const lotDetails = defineCapability({
  name: 'tax.lot_details',
  description:
    'The open lots at the close of the as-of date with their tax basis, unrealised gain and term; a lot of which a ' +
    'wash sale changed a part stands in two rows.',
  args: z.strictObject({}),
  result: z.object({
    asof_date: DateField,
    base_currency: z.string(),
    lots: z.array(TaxLotSchema),
    without_cost: z
      .array(z.string())
      .describe('Commodities held without a cost: no gain can be told. Cash aside.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: (_args, context) => {
    const { open, book } = taxHistory(context);
    const { baseCurrency } = context.ledger.portfolio();
    const gaps: StatedGap[] = [];
    const history = transactions(context.ledger.entries({ to: context.asofDate }));
    const sizes = unitSizes(history, (commodity) => context.ledger.facts(commodity), context.asofDate);
    const lots = merged(open)
      .map((parcel) => ({ parcel, leg: book.legOf(parcel.pool) }))
      .filter((row): row is Held => row.leg !== undefined)
      .sort(byPlace)
      .map((row) => lotRow(row, sizes.atEnd(row.leg.account, row.leg.commodity), context, gaps));
    const bare = lotRows(context)
      .filter(({ cost }) => cost === null)
      .map(({ commodity }) => commodity);
    return {
      asof_date: context.asofDate,
      base_currency: baseCurrency,
      lots,
      without_cost: [...new Set(bare)]
        .filter((commodity) => !isMoney(commodity, context) && !context.ledger.facts(commodity).isCounter)
        .sort(),
      gaps: unique(gaps),
    };
  },
});

interface Held {
  readonly parcel: OpenParcel;
  readonly leg: Leg;
}

/** Parcels of one lot that have the same dates, and nothing from wash sales, are one row. */
function merged(parcels: readonly OpenParcel[]): OpenParcel[] {
  const rows = new Map<string, OpenParcel>();
  for (const [index, parcel] of parcels.entries()) {
    const { pool, carried, replaces, lacks, acquired, heldFrom } = parcel;
    const isPlain = carried.isZero() && !replaces && lacks.length === 0;
    const key = JSON.stringify(isPlain ? [pool, acquired, heldFrom] : index);
    const known = rows.get(key);
    const basis = known?.basis && parcel.basis && known.basis.plus(parcel.basis);
    rows.set(
      key,
      known === undefined
        ? parcel
        : { ...known, units: known.units.plus(parcel.units), basis: basis ?? null },
    );
  }
  return [...rows.values()];
}

function byPlace(a: Held, b: Held): number {
  return (
    byText(a.leg.account, b.leg.account) ||
    byText(a.leg.commodity, b.leg.commodity) ||
    byText(a.leg.cost.date ?? '', b.leg.cost.date ?? '') ||
    a.parcel.order - b.parcel.order
  );
}

/** `size`: how many of the commodity's units of the as-of day one unit is, where the account has not booked a split yet. */
function lotRow({ parcel, leg }: Held, size: Decimal, context: CapabilityContext, gaps: StatedGap[]): TaxLot {
  const isShort = leg.side === 'short';
  const { commodity, cost } = leg;
  const signed = (number: Decimal): Decimal => (isShort ? number.negated() : number);
  const units = signed(parcel.units).times(size);
  const lot: LotRow = {
    account: leg.account,
    commodity,
    name: metaText(context.ledger.commodity(commodity), 'name'),
    units: exact(units),
    cost: null,
  };
  const valued = valueOrGap(lot, context, gaps);
  gaps.push(...lackGaps('basis_base', commodity, parcel.lacks));
  const basis = parcel.basis && signed(parcel.basis.plus(parcel.carried));
  const gain = valued && basis && valued.value.minus(basis);
  const { heldFrom } = parcel;
  return {
    account: leg.account,
    commodity,
    name: lot.name,
    acquired: parcel.acquired,
    label: cost.label,
    held_from: heldFrom,
    term: isShort ? 'short' : heldFrom && holdingTerm(heldFrom, context.asofDate),
    long_term_from: isShort ? null : heldFrom && longTermFrom(heldFrom),
    units: figure(units),
    unit_cost: figure(cost.number.toDecimal().div(size)),
    cost_currency: cost.currency,
    price: figureOrNull(valued?.price ?? null),
    price_currency: valued?.currency ?? null,
    price_date: valued?.date ?? null,
    basis_base: figureOrNull(basis),
    wash_basis_base: figure(parcel.carried),
    value_base: figureOrNull(valued?.value ?? null),
    gain_base: figureOrNull(gain),
  };
}

const UNTOLD: ReadonlySet<string> = new Set(['price_missing', 'rate_missing']);

function valueOrGap(lot: LotRow, context: CapabilityContext, gaps: StatedGap[]): ValuedLot | null {
  try {
    return valueLots([lot], context)[0] ?? null;
  } catch (error) {
    if (!isDawsosError(error) || !UNTOLD.has(error.code)) throw error;
    gaps.push({ figure: 'value_base', code: error.code, detail: `${lot.commodity}: ${error.message}` });
    return null;
  }
}

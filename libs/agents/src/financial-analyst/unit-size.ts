import { daysBetween, DawsosError, Decimal, ONE, type IsoDate } from '@dawsos/contracts';
import type { CapabilityContext } from '../capability';
import { unitPricesOf } from './market-history';

/** What one unit changed hands for, in the as-of day's units. */
export interface PaidPrice {
  readonly date: IsoDate;
  readonly number: Decimal;
  readonly currency: string;
}

const HUNDRED = new Decimal(100);
const TOLERANCE = new Decimal('0.05');
/** A quote so many days before the trade says nothing of its unit. */
const DAYS = 31;

/**
 * Bonds are quoted in per cent and some shares in pence, whatever the currency says: where a quote is a hundred times
 * what was paid that day, or a hundredth, and the ledger declares no unit size, no value can be told.
 * @throws DawsosError `unit_size_unclear`, `prices_look_adjusted`, `split_unclear`
 */
export function requireOneUnit(commodity: string, paid: PaidPrice, context: CapabilityContext): void {
  if (!context.ledger.facts(commodity).unitSize.equals(ONE) || !paid.number.gt(0)) return;
  const quote = unitPricesOf(context).at(commodity, paid.date);
  if (quote?.date == null || quote.currency !== paid.currency) return;
  if (daysBetween(quote.date, paid.date) > DAYS) return;
  const ratio = quote.number.div(paid.number);
  const size = [HUNDRED, ONE.div(HUNDRED)].find((unit) => ratio.div(unit).minus(ONE).abs().lte(TOLERANCE));
  if (size === undefined) return;
  throw new DawsosError(
    'unit_size_unclear',
    `${commodity} is quoted at ${quote.number.toFixed()} ${quote.currency} on ${quote.date} and changed hands at ` +
      `${paid.number.toFixed()} on ${paid.date}: if one quote is of ${size.toFixed()} units, write ` +
      `${paid.date} commodity ${commodity} with metadata unit_size: ${size.toFixed()}; else correct the price`,
    { extensions: { commodity, date: paid.date } },
  );
}

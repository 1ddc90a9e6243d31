import { DawsosError, ZERO, type Decimal } from '@dawsos/contracts';
import type { Tradable } from '@dawsos/portfolio-math';
import type { z } from 'zod';
import type { CapabilityContext } from '../capability';
import { decimal } from '../financial-analyst/decimal-fields';
import { rateToBase, requireUnitPrice } from '../financial-analyst/market-history';
import { ValuedPositionSchema } from '../financial-analyst/valued-positions';

export const PositionFields = ValuedPositionSchema.pick({
  commodity: true,
  is_cash: true,
  price: true,
  price_currency: true,
  rate: true,
  value: true,
});
export type GivenPosition = z.infer<typeof PositionFields>;

/** A position whose price and rate the pack tells. */
export interface Position extends GivenPosition {
  readonly price: string;
  readonly price_currency: string;
  readonly rate: string;
  readonly value: string;
}

export const isValued = (position: GivenPosition): position is Position =>
  position.price !== null &&
  position.price_currency !== null &&
  position.rate !== null &&
  position.value !== null;

export interface Policy {
  readonly targets: Readonly<Record<string, string>>;
  readonly bands: Readonly<Record<string, string>>;
  readonly driftBand: string;
  readonly lotSizes: Readonly<Record<string, string>>;
  readonly lotSize: string;
  /** What becomes of a holding without a target. */
  readonly untargeted: 'refuse' | 'sell' | 'keep';
}

export interface Tradables {
  readonly tradables: readonly Tradable[];
  readonly cash: Decimal;
  readonly cashTarget: Decimal;
  /** Holdings that stay as they are: no part of what the weights are of. */
  readonly kept: readonly string[];
}

/**
 * What the policy lets be traded, at the pack's prices.
 * @throws DawsosError `capability_args_invalid` for a name that is none or a holding without a target;
 * `price_missing`, `rate_missing` for a target that cannot be priced.
 */
export function tradablesOf(
  positions: readonly Position[],
  policy: Policy,
  context: CapabilityContext,
): Tradables {
  const { baseCurrency } = context.ledger.portfolio();
  const held = new Map(positions.map((position) => [position.commodity, position]));
  const money = positions.filter((position) => position.is_cash);
  const untargeted = positions.filter(
    ({ commodity, is_cash }) => !is_cash && !Object.hasOwn(policy.targets, commodity),
  );
  if (policy.untargeted === 'refuse' && untargeted.length > 0) refuse(untargeted);
  refuseStrangers(policy, held);
  const kept = policy.untargeted === 'keep' ? untargeted.map(({ commodity }) => commodity) : [];
  const names = [...Object.keys(policy.targets), ...untargeted.map(({ commodity }) => commodity)]
    .filter((name) => name !== baseCurrency && !kept.includes(name))
    .sort();
  return {
    tradables: names.map((name) => tradable(name, held.get(name), policy, context)),
    cash: money.reduce((sum, { value }) => sum.plus(decimal(value)), ZERO),
    cashTarget: decimal(own(policy.targets, baseCurrency) ?? '0'),
    kept,
  };
}

function refuse(untargeted: readonly Position[]): never {
  const names = untargeted.map(({ commodity }) => commodity).join(', ');
  throw new DawsosError(
    'capability_args_invalid',
    `${names}: held, but without a target; give each one, or say with untargeted whether to "sell" or "keep" them`,
  );
}

/** Foreign money has no target of its own, and a band or lot size for nothing is a slip of the pen. */
function refuseStrangers({ targets, bands, lotSizes }: Policy, held: ReadonlyMap<string, Position>): void {
  const foreignMoney = Object.keys(targets).filter(
    (name) => held.get(name)?.is_cash === true && held.get(name)?.rate !== '1',
  );
  const idle = [...Object.keys(bands), ...Object.keys(lotSizes)].filter(
    (name) => !Object.hasOwn(targets, name),
  );
  const [first] = [...foreignMoney, ...idle];
  if (first === undefined) return;
  const why = foreignMoney.includes(first)
    ? 'is money: the base currency stands for all of it'
    : 'has no target';
  throw new DawsosError('capability_args_invalid', `${first} ${why}`);
}

function tradable(
  name: string,
  position: Position | undefined,
  policy: Policy,
  context: CapabilityContext,
): Tradable {
  const { asofDate } = context;
  const price =
    position === undefined
      ? requireUnitPrice(name, asofDate, context)
      : { number: decimal(position.price), currency: position.price_currency };
  const rate = rateToBase(price.currency, asofDate, context);
  return {
    name,
    value: decimal(position?.value ?? '0'),
    unitPrice: price.number.times(rate),
    lotSize: decimal(own(policy.lotSizes, name) ?? policy.lotSize),
    target: decimal(own(policy.targets, name) ?? '0'),
    band: decimal(own(policy.bands, name) ?? policy.driftBand),
  };
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

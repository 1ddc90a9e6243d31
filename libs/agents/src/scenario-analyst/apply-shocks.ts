import { DawsosError, ZERO, type Decimal } from '@dawsos/contracts';
import { shockHolding, weight, type ShockEffect } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, decimal, DecimalField, figure, figureOrNull } from '../financial-analyst/decimal-fields';
import { ValuedPositionSchema } from '../financial-analyst/valued-positions';
import { gapOf, StatedGapSchema } from '../financial-analyst/stated-gap';
import { factorBetas, type FactorBeta } from './factor-betas';
import { ShockSchema, shockName, type Shock } from './shock';

const PositionFields = ValuedPositionSchema.pick({
  commodity: true,
  name: true,
  asset_class: true,
  sector: true,
  is_cash: true,
  price_currency: true,
  local_value: true,
  rate: true,
  value: true,
});
type GivenPosition = z.infer<typeof PositionFields>;

/** A position whose price and rate the pack tells. */
interface Position extends GivenPosition {
  readonly price_currency: string;
  readonly local_value: string;
  readonly rate: string;
  readonly value: string;
}

const isValued = (position: GivenPosition): position is Position =>
  position.price_currency !== null &&
  position.local_value !== null &&
  position.rate !== null &&
  position.value !== null;

const EffectSchema = z.object({
  commodity: z.string(),
  name: z.string().nullable(),
  value_before: DecimalField,
  value_after: DecimalField,
  change: DecimalField.describe('price_effect + fx_effect + interaction, in base currency.'),
  change_fraction: DecimalField.nullable(),
  price_change: DecimalField.describe('Of the price in its own currency, as a fraction.'),
  rate_change: DecimalField.describe('Of base currency per unit of the price currency.'),
  price_effect: DecimalField,
  fx_effect: DecimalField,
  interaction: DecimalField,
  shocks: z.array(z.string()).describe('Those that reached it; a factor with its beta.'),
});
type Effect = z.infer<typeof EffectSchema>;

const UnreachedSchema = z.object({
  commodity: z.string(),
  name: z.string().nullable(),
  value: DecimalField,
  weight: DecimalField.nullable(),
  reasons: z.array(z.string()).describe('Why a factor did not reach it; empty where no shock is about it.'),
});

export const applyShocks = defineCapability({
  name: 'scenario.apply_shocks',
  description:
    "What shocks on prices, exchange rates and factors do to the market value, by full revaluation. A factor's shock " +
    'reaches a price by its beta, given or estimated from the daily returns of the pack. What no shock reaches is listed.',
  args: z.strictObject({
    positions: z.array(PositionFields),
    shocks: z.array(ShockSchema).min(1).max(200),
    beta_lookback_days: z.int().positive().max(36_600),
  }),
  result: z.object({
    asof_date: DateField,
    base_currency: z.string(),
    value_before: DecimalField.nullable().describe(
      'The totals are null where the value of anything held is.',
    ),
    value_after: DecimalField.nullable(),
    change: DecimalField.nullable(),
    change_fraction: DecimalField.nullable(),
    price_effect: DecimalField.nullable(),
    fx_effect: DecimalField.nullable(),
    interaction: DecimalField.nullable(),
    partial_total: z
      .object({ value_before: DecimalField, value_after: DecimalField, change: DecimalField })
      .nullable()
      .describe('Where the totals are null: those of the positions whose value is known.'),
    unvalued: z.array(z.string()).describe('Held, and without a value.'),
    reached: z.array(EffectSchema).describe('From the largest loss to the largest gain.'),
    unreached: z.array(UnreachedSchema),
    unreached_weight: DecimalField.nullable(),
    idle_shocks: z.array(z.string()).describe('Shocks that reached no position.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ positions, shocks, beta_lookback_days }, context) => {
    const { baseCurrency } = context.ledger.portfolio();
    refuseBaseCurrency(shocks, baseCurrency);
    const reach = shocks.map((shock) => reachOf(shock, beta_lookback_days, context));
    const known = positions.filter(isValued);
    const unvalued = positions.filter((position) => !isValued(position)).map(({ commodity }) => commodity);
    const shocked = known.map((position) => shockPosition(position, reach));
    const reached = shocked.filter(({ names }) => names.length > 0);
    const unreached = shocked.filter(({ names }) => names.length === 0);
    const before = sum(known.map(({ value }) => decimal(value)));
    const change = sum(shocked.map(({ effect }) => effect.change));
    const isWhole = unvalued.length === 0;
    const whole = (value: Decimal | null): string | null => (isWhole ? figureOrNull(value) : null);
    const part = (pick: (effect: ShockEffect) => Decimal): string | null =>
      whole(sum(shocked.map(({ effect }) => pick(effect))));
    return {
      asof_date: context.asofDate,
      base_currency: baseCurrency,
      value_before: whole(before),
      value_after: whole(before.plus(change)),
      change: whole(change),
      change_fraction: whole(weight(change, before)),
      price_effect: part((effect) => effect.priceEffect),
      fx_effect: part((effect) => effect.fxEffect),
      interaction: part((effect) => effect.interaction),
      partial_total: isWhole
        ? null
        : {
            value_before: figure(before),
            value_after: figure(before.plus(change)),
            change: figure(change),
          },
      unvalued,
      reached: reached.sort((a, b) => a.effect.change.comparedTo(b.effect.change)).map(effectRow),
      unreached: unreached.map(({ position: { commodity, name, value }, reasons }) => ({
        commodity,
        name,
        value: figure(decimal(value)),
        weight: whole(weight(decimal(value), before)),
        reasons,
      })),
      unreached_weight: whole(weight(sum(unreached.map(({ effect }) => effect.before)), before)),
      idle_shocks: reach
        .filter(({ shock }) => !shocked.some(({ by }) => by.has(shock)))
        .map(({ name }) => name),
      gaps: unvalued.map((commodity) =>
        gapOf('change', 'price_missing', `${commodity} has no value on this day`, 'row', [commodity]),
      ),
    };
  },
});

/** A rate of the base currency to itself does not change; to shock it would mean every other one. */
function refuseBaseCurrency(shocks: readonly Shock[], baseCurrency: string): void {
  if (!shocks.some((shock) => shock.kind === 'fx' && shock.currency === baseCurrency)) return;
  throw new DawsosError(
    'capability_args_invalid',
    `${baseCurrency} is the portfolio's base currency; shock the currencies that are held against it`,
  );
}

interface Reach {
  readonly shock: Shock;
  readonly name: string;
  /** For a factor. */
  readonly betaOf?: (commodity: string) => FactorBeta;
}

function reachOf(shock: Shock, lookbackDays: number, context: CapabilityContext): Reach {
  const name = shockName(shock);
  return shock.kind === 'factor'
    ? { shock, name, betaOf: factorBetas(shock, lookbackDays, context) }
    : { shock, name };
}

interface ShockedPosition {
  readonly position: Position;
  readonly effect: ShockEffect;
  readonly by: ReadonlySet<Shock>;
  readonly names: readonly string[];
  readonly reasons: string[];
}

function shockPosition(position: Position, reach: readonly Reach[]): ShockedPosition {
  const [priceChanges, rateChanges]: [Decimal[], Decimal[]] = [[], []];
  const by = new Set<Shock>();
  const [names, reasons]: [string[], string[]] = [[], []];
  const hit = (shock: Shock, name: string): void => {
    by.add(shock);
    names.push(name);
  };
  for (const { shock, name, betaOf } of reach) {
    const change = decimal(shock.change);
    if (shock.kind === 'fx') {
      if (shock.currency !== position.price_currency) continue;
      rateChanges.push(change);
      hit(shock, name);
    } else if (shock.kind === 'price') {
      if (!isAbout(shock, position)) continue;
      priceChanges.push(change);
      hit(shock, name);
    } else if (betaOf !== undefined && !position.is_cash) {
      const found = betaOf(position.commodity);
      if (found.beta === null) {
        reasons.push(found.reason);
      } else {
        priceChanges.push(found.beta.times(change));
        hit(shock, `${name}, beta ${figure(found.beta.toDecimalPlaces(4))}`);
      }
    }
  }
  const effect = shockHolding({
    localValue: decimal(position.local_value),
    rate: decimal(position.rate),
    priceChanges,
    rateChanges,
  });
  return { position, effect, by, names, reasons };
}

/** Money has no price that could be shocked. */
function isAbout(shock: Extract<Shock, { kind: 'price' }>, position: Position): boolean {
  if (position.is_cash) return false;
  if (shock.commodity !== undefined) return shock.commodity === position.commodity;
  return shock.sector === undefined
    ? shock.asset_class === position.asset_class
    : shock.sector === position.sector;
}

function effectRow({ position, effect, names }: ShockedPosition): Effect {
  return {
    commodity: position.commodity,
    name: position.name,
    value_before: figure(effect.before),
    value_after: figure(effect.after),
    change: figure(effect.change),
    change_fraction: figureOrNull(weight(effect.change, effect.before)),
    price_change: figure(effect.priceChange),
    rate_change: figure(effect.rateChange),
    price_effect: figure(effect.priceEffect),
    fx_effect: figure(effect.fxEffect),
    interaction: figure(effect.interaction),
    shocks: [...names],
  };
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), ZERO);

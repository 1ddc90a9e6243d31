import { z } from 'zod';
import { DecimalField } from '../financial-analyst/decimal-fields';

const ChangeField = DecimalField.refine((text) => Number(text) >= -1, {
  error: 'must be at least -1: nothing can lose more than all of its price',
}).describe('As a fraction: "-0.2" is a fall of 20 %.');

const PriceShockSchema = z
  .strictObject({
    kind: z.literal('price'),
    commodity: z.string().optional(),
    sector: z.string().optional(),
    asset_class: z.string().optional(),
    change: ChangeField,
  })
  .refine(
    ({ commodity, sector, asset_class }) =>
      [commodity, sector, asset_class].filter((name) => name !== undefined).length === 1,
    { error: 'must name one of commodity, sector and asset_class' },
  );

const FxShockSchema = z.strictObject({
  kind: z.literal('fx'),
  currency: z.string().describe('Whose rate in base currency changes.'),
  change: ChangeField,
});

const FactorShockSchema = z.strictObject({
  kind: z.literal('factor'),
  factor: z.string().describe('A commodity that the pack has prices of, such as a broad fund.'),
  change: ChangeField,
  betas: z
    .record(z.string(), DecimalField)
    .optional()
    .describe('By commodity, and only those are reached; without it betas are estimated from the pack.'),
});

/** A change of prices, of an exchange rate, or of a factor that prices follow by their betas. */
export const ShockSchema = z.discriminatedUnion('kind', [PriceShockSchema, FxShockSchema, FactorShockSchema]);
export type Shock = z.infer<typeof ShockSchema>;
export type FactorShock = z.infer<typeof FactorShockSchema>;

/** The shock in a line: `sector Technology -0.2`. */
export function shockName(shock: Shock): string {
  switch (shock.kind) {
    case 'fx':
      return `fx ${shock.currency} ${shock.change}`;
    case 'factor':
      return `factor ${shock.factor} ${shock.change}`;
    case 'price':
      if (shock.commodity !== undefined) return `price ${shock.commodity} ${shock.change}`;
      return shock.sector === undefined
        ? `asset class ${shock.asset_class ?? ''} ${shock.change}`
        : `sector ${shock.sector} ${shock.change}`;
  }
}

import { allocate, type Allocation } from '@dawsos/portfolio-math';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField, figureOrNull } from './decimal-fields';
import { ValuedPositionSchema } from './valued-positions';

const SliceSchema = z.object({
  key: z.string().nullable().describe('Null: the ledger does not say.'),
  value: DecimalField.nullable().describe('Null where the value of a part of it is not known.'),
  weight: DecimalField.nullable().describe('Null where the value of anything held is not known.'),
  positions: z.int(),
});
type Slice = z.infer<typeof SliceSchema>;

const PositionSchema = ValuedPositionSchema.pick({
  commodity: true,
  asset_class: true,
  sector: true,
  price_currency: true,
  value: true,
});

export const sectorAllocation = defineCapability({
  name: 'portfolio.sector_allocation',
  description:
    "Value and weight by sector, asset class and currency. Sector and class are the metadata of the ledger's " +
    'commodity directives; what has none stands apart and is named.',
  args: z.strictObject({ positions: z.array(PositionSchema) }),
  result: z.object({
    sectors: z.array(SliceSchema),
    asset_classes: z.array(SliceSchema),
    currencies: z.array(SliceSchema),
    without_sector: z.array(z.string()),
    without_asset_class: z.array(z.string()),
  }),
  run: ({ positions }) => {
    const by = (key: 'sector' | 'asset_class' | 'price_currency'): Slice[] =>
      allocate(
        positions.map((held) => ({
          key: held[key],
          value: held.value === null ? null : decimal(held.value),
        })),
      ).map(slice);
    const without = (key: 'sector' | 'asset_class'): string[] =>
      positions.filter((held) => held[key] === null).map(({ commodity }) => commodity);
    return {
      sectors: by('sector'),
      asset_classes: by('asset_class'),
      currencies: by('price_currency'),
      without_sector: without('sector'),
      without_asset_class: without('asset_class'),
    };
  },
});

function slice({ key, value, weight, count }: Allocation): Slice {
  return { key, value: figureOrNull(value), weight: figureOrNull(weight), positions: count };
}

import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField } from '../financial-analyst/decimal-fields';
import { StatedGapSchema } from '../financial-analyst/stated-gap';
import { TaxLotSchema } from './lot-details';

/** A lot held long whose loss is told. */
export const LossSchema = TaxLotSchema.extend({ gain_base: DecimalField });
export type Loss = z.infer<typeof LossSchema>;

export const identifyLosses = defineCapability({
  name: 'tax.identify_losses',
  description:
    'The open lots with an unrealised loss of at least min_loss in base currency, the largest first. Short positions ' +
    'are left out.',
  args: z.strictObject({
    lots: z.array(TaxLotSchema),
    min_loss: DecimalField.refine((text) => !text.startsWith('-'), { error: 'must not be negative' }),
  }),
  result: z.object({ losses: z.array(LossSchema), gaps: z.array(StatedGapSchema) }),
  run: ({ lots, min_loss }) => ({
    losses: lots
      .flatMap((lot): Loss[] => {
        const { gain_base, units } = lot;
        if (gain_base === null || units.startsWith('-')) return [];
        const gain = decimal(gain_base);
        const isLoss = gain.isNegative() && gain.negated().greaterThanOrEqualTo(decimal(min_loss));
        return isLoss ? [{ ...lot, gain_base }] : [];
      })
      .sort((a, b) => decimal(a.gain_base).comparedTo(decimal(b.gain_base))),
    gaps: lots
      .filter(({ gain_base }) => gain_base === null)
      .map(({ commodity, account }) => ({
        figure: 'losses',
        code: 'gain_unknown',
        detail: `the gain of a lot of ${commodity} in ${account} is not known: see the gaps of the lots`,
      })),
  }),
});

import { z } from 'zod';
import { defineCapability } from '../capability';
import { decimal, DecimalField } from '../financial-analyst/decimal-fields';
import { TaxLotSchema } from './lot-details';

export const identifyLosses = defineCapability({
  name: 'tax.identify_losses',
  description:
    'The open lots with an unrealised loss of at least min_loss in base currency, the largest first.',
  args: z.strictObject({
    lots: z.array(TaxLotSchema),
    min_loss: DecimalField.refine((text) => !text.startsWith('-'), { error: 'must not be negative' }),
  }),
  result: z.object({ losses: z.array(TaxLotSchema) }),
  run: ({ lots, min_loss }) => ({
    losses: lots
      .filter(({ gain_base }) => {
        const gain = decimal(gain_base);
        return gain.isNegative() && gain.negated().greaterThanOrEqualTo(decimal(min_loss));
      })
      .sort((a, b) => decimal(a.gain_base).comparedTo(decimal(b.gain_base))),
  }),
});

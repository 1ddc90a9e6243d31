import { ONE, ZERO, type Decimal } from '@dawsos/contracts';
import { z } from 'zod';
import { decimal, DecimalField } from '../financial-analyst/decimal-fields';

const isFraction = (text: string): boolean => !text.startsWith('-') && decimal(text).lessThanOrEqualTo(ONE);

export const FractionField = DecimalField.refine(isFraction, {
  error: 'must be a fraction from 0 to 1, such as "0.05"',
});

/** Target weights by commodity, the base currency standing for all money; they add up to exactly 1. */
export const TargetsSchema = z
  .record(z.string(), FractionField)
  .refine((targets) => sum(Object.values(targets)).equals(ONE), {
    error: 'must add up to exactly 1; the base currency stands for money',
  });

const sum = (texts: readonly string[]): Decimal =>
  texts.reduce((total, text) => total.plus(decimal(text)), ZERO);

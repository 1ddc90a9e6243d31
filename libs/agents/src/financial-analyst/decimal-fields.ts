import { Decimal, decimalText, DecimalTextSchema } from '@dawsos/contracts';
import { z } from 'zod';

/** Enough places to lose nothing of 28 digits on the way from one step to the next. */
const PLACES_BETWEEN_STEPS = 28;

export const DecimalField = DecimalTextSchema;
export const DateField = z.iso.date();

/** A figure for people and reports: at most 12 places. */
export const figure = (value: Decimal): string => decimalText(value);

export const figureOrNull = (value: Decimal | null): string | null => (value === null ? null : figure(value));

/** A part of a sum that has to add up to 1e-12: six places more than a figure. */
export const summand = (value: Decimal): string => decimalText(value, 18);

/** A number that other steps go on computing with. */
export const exact = (value: Decimal): string => decimalText(value, PLACES_BETWEEN_STEPS);

export const decimal = (text: string): Decimal => new Decimal(text);

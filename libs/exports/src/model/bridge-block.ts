import { pick, ZERO, type Decimal } from '@dawsos/contracts';
import { roundedToTotal } from './add-up';
import type { BridgeBlock, BridgePart } from './document';
import { isRecord, numberCell, numberOf, placesOf, rounded } from './printed';

interface Part {
  readonly label: string;
  readonly note: string;
  readonly role: BridgePart['role'];
  readonly amount: Decimal;
}

/**
 * Opening value, the parts in the order in which they are given, closing value, as `portfolio.bridge` gives them:
 * rounded so that the printed amounts add up. Null where the value has no such parts, or one of them is a gap.
 */
export function bridgeBlock(
  value: unknown,
  title: string | null,
  baseCurrency: string | null,
): BridgeBlock | null {
  const given = isRecord(value) ? value['parts'] : undefined;
  const [opening, closing] = [numberOf(pick(value, 'opening')), numberOf(pick(value, 'closing'))];
  if (!Array.isArray(given) || opening === null || closing === null) return null;
  const parts = (given as readonly unknown[]).map(partOf);
  const told = parts.filter((part) => part !== null);
  if (told.length < parts.length) return null;
  const places = placesOf(closing, 'money', baseCurrency);
  const [first, last] = [opening, closing].map((number) => rounded(number, 'money', places));
  const between = roundedToTotal(
    told.map(({ amount }) => amount),
    (last ?? ZERO).minus(first ?? ZERO),
    places,
  );
  const total = (label: string, on: unknown, exact: Decimal, printed: Decimal | undefined): BridgePart => ({
    label,
    note: typeof on === 'string' ? `at the close of ${on}` : '',
    role: 'total',
    cell: numberCell(exact, printed ?? exact, { format: 'money', places }),
  });
  return {
    kind: 'bridge',
    title,
    unit: baseCurrency,
    parts: [
      total('Opening value', pick(value, 'period.start'), opening, first),
      ...told.map(({ label, note, role, amount }, index): BridgePart => ({
        label,
        note,
        role,
        cell: numberCell(amount, between[index] ?? amount, { format: 'change', places }),
      })),
      total('Closing value', pick(value, 'period.end'), closing, last),
    ],
  };
}

function partOf(part: unknown): Part | null {
  const [label, note, amount] = [pick(part, 'label'), pick(part, 'note'), numberOf(pick(part, 'amount'))];
  if (typeof label !== 'string' || amount === null) return null;
  return {
    label,
    note: typeof note === 'string' ? note : '',
    role: pick(part, 'kind') === 'flow' ? 'paid' : 'earned',
    amount,
  };
}

import { pick, ZERO, type Decimal } from '@dawsos/contracts';
import { roundedToTotal } from './add-up';
import type { BridgeBlock, BridgePart } from './document';
import { isRecord, numberCell, numberOf, placesOf, rounded } from './printed';

interface Part {
  readonly key: string;
  readonly label: string;
  readonly note: string;
  readonly role: BridgePart['role'];
  readonly amount: Decimal;
}

/** What is made from the printed others. */
const REMAINDER = 'price_gains';

/**
 * Opening value, the parts in the order in which they are given, closing value, as `portfolio.bridge` gives them:
 * each rounded by itself, price gains made from the printed others, so that the printed amounts add up. Null where the
 * value has no such parts, or one of them is a gap.
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
  const between = printedParts(told, (last ?? ZERO).minus(first ?? ZERO), places);
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

function printedParts(parts: readonly Part[], sum: Decimal, places: number): readonly Decimal[] {
  const printed = parts.map(({ amount }) => rounded(amount, 'money', places));
  if (!parts.some(({ key }) => key === REMAINDER)) {
    const exact = parts.map(({ amount }) => amount);
    return roundedToTotal(exact, sum, places);
  }
  const others = printed.filter((_, index) => parts[index]?.key !== REMAINDER);
  const rest = others.reduce<Decimal>((left, one) => left.minus(one), sum);
  return printed.map((one, index) => (parts[index]?.key === REMAINDER ? rest : one));
}

/** The figure with the amounts that are printed in its place, so that a sentence says what the table shows. */
export function printedBridge(value: unknown, baseCurrency: string | null): unknown {
  const block = bridgeBlock(value, null, baseCurrency);
  if (block === null || !isRecord(value)) return value;
  const amounts = block.parts.map(({ cell, role }) => ({
    role,
    amount: numberOf(cell.text.replaceAll(/[+,]/g, '')) ?? ZERO,
  }));
  const [opening, closing] = [amounts[0]?.amount ?? ZERO, amounts.at(-1)?.amount ?? ZERO];
  const between = amounts.slice(1, -1);
  const paid = between.filter(({ role }) => role === 'paid');
  const parts = value['parts'] as readonly object[];
  return {
    ...value,
    opening: opening.toFixed(),
    closing: closing.toFixed(),
    earned: paid.reduce<Decimal>((left, { amount }) => left.minus(amount), closing.minus(opening)).toFixed(),
    parts: parts.map((part, index) => ({ ...part, amount: between[index]?.amount.toFixed() ?? null })),
  };
}

function partOf(part: unknown): Part | null {
  const [key, label, note, amount] = [
    pick(part, 'key'),
    pick(part, 'label'),
    pick(part, 'note'),
    numberOf(pick(part, 'amount')),
  ];
  if (typeof label !== 'string' || amount === null) return null;
  return {
    key: typeof key === 'string' ? key : '',
    label,
    note: typeof note === 'string' ? note : '',
    role: pick(part, 'kind') === 'flow' ? 'paid' : 'earned',
    amount,
  };
}

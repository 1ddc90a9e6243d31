import { RepairOrderSchema, type RepairOrder } from '@dawsos/contracts';
import { z } from 'zod';

const SHOWN = 10;

/** The repair order among a problem's members, if it has one. */
export function repairOf(extensions: unknown): RepairOrder | undefined {
  const parsed = z.looseObject({ repair: RepairOrderSchema }).safeParse(extensions);
  return parsed.success ? parsed.data.repair : undefined;
}

/** A repair order in words: what is missing or too old, and the command that mends it. */
export function describeRepair({ needed, command }: RepairOrder): readonly string[] {
  const lines = needed.slice(0, SHOWN).map(({ kind, name, date, last_date: last }, index) => {
    const label = index === 0 ? 'needs' : '';
    const has = last === null ? 'the pack has none' : `the pack has that of ${last}`;
    return `  ${label.padEnd(7)}${kind} of ${name} on ${date}: ${has}`;
  });
  const more = needed.length - lines.length;
  return [
    ...lines,
    ...(more > 0 ? [`         and ${String(more)} more`] : []),
    `  fix    ${command}`,
    '         or wait for that build with --wait-for-fresh, or take old prices with --allow-stale',
  ];
}

import type { Decimal, IsoDate } from '@dawsos/contracts';
import type { Custom, MetaValue } from '@dawsos/ledger';
import type { CapabilityContext } from '../capability';
import type { StatedGap } from '../financial-analyst/stated-gap';

/** What a company announced, as the ledger notes it on the day of the announcement. */
export type Announcement =
  | (AnnouncementBase & { readonly kind: 'dividend'; readonly amount: Decimal; readonly currency: string })
  | (AnnouncementBase & { readonly kind: 'split'; readonly ratio: Decimal });

interface AnnouncementBase {
  readonly commodity: string;
  readonly announced: IsoDate;
  /** Who holds it at the close of the day before has it. */
  readonly exDate: IsoDate;
  readonly payDate: IsoDate | null;
}

/**
 * The announcements that were known on the as-of date:
 *
 *     2025-10-15 custom "dividend" "CLRW" 0.74 USD
 *       ex_date: 2025-11-28
 *       pay_date: 2025-12-15
 *     2025-10-20 custom "split" "NWND" 2
 *       ex_date: 2025-11-17
 *
 * A later one for the same commodity, kind and ex-date takes the place of an earlier one. One that says too little is
 * a gap that names its place.
 */
export function announcements({ ledger, asofDate }: CapabilityContext, gaps: StatedGap[]): Announcement[] {
  const known = new Map<string, Announcement>();
  for (const kind of ['dividend', 'split'] as const) {
    for (const directive of ledger.customs(kind, asofDate)) {
      const announcement = read(kind, directive);
      if (announcement === undefined) gaps.push(unreadable(kind, directive));
      else known.set(`${kind} ${announcement.commodity} ${announcement.exDate}`, announcement);
    }
  }
  return [...known.values()];
}

function read(kind: 'dividend' | 'split', { date, values, meta }: Custom): Announcement | undefined {
  const [name, value] = values;
  const exDate = dateOf(meta.get('ex_date'));
  if (name?.kind !== 'string' || value === undefined || exDate === null) return undefined;
  const base = { commodity: name.value, announced: date, exDate, payDate: dateOf(meta.get('pay_date')) };
  if (kind === 'dividend') {
    if (value.kind !== 'amount') return undefined;
    return { ...base, kind, amount: value.value.number.toDecimal(), currency: value.value.currency };
  }
  if (value.kind !== 'number' || !value.value.toDecimal().greaterThan(0)) return undefined;
  return { ...base, kind, ratio: value.value.toDecimal() };
}

function dateOf(value: MetaValue | undefined): IsoDate | null {
  return value?.kind === 'date' ? (value.value as IsoDate) : null;
}

function unreadable(kind: 'dividend' | 'split', { location }: Custom): StatedGap {
  const form = kind === 'dividend' ? '"dividend" "ABC" 0.50 USD' : '"split" "ABC" 2';
  return {
    figure: 'actions',
    code: 'announcement_unreadable',
    detail: `${location.file}:${String(location.line)}: write custom ${form} with metadata ex_date: YYYY-MM-DD`,
  };
}

import type { LedgerReads, PackReads } from '@dawsos/admission';
import {
  DawsosError,
  isoDate,
  sha256Hex,
  type IsoDate,
  type PortfolioSummary,
  type PriceGaps,
} from '@dawsos/contracts';
import { createPricingPack, priceGaps, type PricingPack } from '@dawsos/pricing';

/** What the ledger says a request may ask about, and what its answers lack. */
export interface BookReads {
  /** @throws DawsosError where the ledger cannot be read */
  portfolios(): Promise<readonly PortfolioSummary[]>;
  /**
   * Looks into a pack, or into the one that the gate would take.
   * @throws DawsosError `pack_not_found`, `portfolio_not_found`
   */
  gaps(packId: string | undefined, portfolioId: string | null): Promise<PriceGaps>;
}

export interface BookOptions {
  readonly ledger: LedgerReads;
  readonly ledgerRef: string;
  readonly packs: PackReads;
  readonly loadPack: (packId: string) => Promise<PricingPack>;
  readonly today: () => IsoDate;
  /** Calendar days for which the last known price may stand in. */
  readonly gapDays: number;
}

export function openBooks({ ledger, ledgerRef, packs, loadPack, today, gapDays }: BookOptions): BookReads {
  const snapshot = async () => ledger.snapshot(await ledger.resolve(ledgerRef));

  /** The pack to look into; an empty one where none was ever built, so that everything is missing. */
  async function open(asked: string | undefined): Promise<{ id: string | null; pack: PricingPack }> {
    const id = asked ?? (await packs.health()).body['pack_id'];
    const found = typeof id === 'string' ? await packs.find(id) : undefined;
    if (found !== undefined && found.content_hash !== null) {
      return { id: found.pack_id, pack: await loadPack(found.pack_id) };
    }
    if (asked !== undefined && found === undefined) {
      throw new DawsosError('pack_not_found', 'There is no such pricing pack.');
    }
    const asofDate = found === undefined ? today() : isoDate(found.asof_date);
    const pack = createPricingPack({ id: 'none', hash: sha256Hex(''), series: [], asofDate });
    return { id: found?.pack_id ?? null, pack };
  }

  return {
    portfolios: async () =>
      (await snapshot()).portfolios().map(({ id, name, baseCurrency }) => ({
        portfolio_id: id ?? 'all',
        name,
        base_currency: baseCurrency,
      })),
    async gaps(packId, portfolioId) {
      const [{ id, pack }, books] = await Promise.all([open(packId), snapshot()]);
      const gaps = priceGaps({ snapshot: books, portfolioId, pack, withinDays: gapDays });
      return { pack_id: id, portfolio_id: portfolioId, gaps: [...gaps] };
    },
  };
}

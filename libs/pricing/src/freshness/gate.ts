import {
  DawsosError,
  Decimal,
  isDawsosError,
  isoDate,
  sha256Hex,
  type GateTerms,
  type IsoDate,
  type PackStatus,
  type PackSummary,
  type RepairOrder,
  type RunFreshness,
} from '@dawsos/contracts';
import type { LedgerSnapshot } from '@dawsos/ledger';
import { LRUCache } from '@dawsos/resilience';
import { findPack, type FoundPack, type PackFinder } from './find-pack';
import { packAge, type PackAge } from './pack-age';
import { notFresh, tooFarOff } from './gate-refusals';
import { createPricingPack } from '../pack/price-lookup';
import { dueDay, type Asked } from '../calendar/market-calendar';
import { WEEKDAY_MARKETS } from '../calendar/markets';
import { DEFAULT_POLICY, parsePackId } from '../pack/pack-id';
import { declaredCalendars, factsFor, portfolioHoldings } from './portfolio-holdings';
import { PortfolioWorth } from './portfolio-worth';
import type { PricingPack } from '../pack/pricing-pack';
import { repairOrder } from './repair-order';
import { firstRefusal } from './valid-until';
import type { WorthAssessment, WorthPolicy } from './worth';

/** Whose freshness is asked for, and on what terms. */
export interface GateQuestion {
  readonly terms: GateTerms;
  readonly ledgerCommitHash: string;
  readonly portfolioId: string | null;
}

/** What a run is pinned to, and what was found of it. */
export interface GatePass {
  readonly passes: true;
  readonly pack: PackSummary;
  /** `fresh`, or `stale` where the terms allow that. */
  readonly status: PackStatus;
  /** The day that was named, or the pack's own. */
  readonly asofDate: IsoDate;
  readonly freshness: RunFreshness;
  /** The first moment at which the same question would be refused; null where age never refuses it. */
  readonly validUntil: Date | null;
}

export interface GateRefusal {
  readonly passes: false;
  readonly error: DawsosError;
  /** What would mend it; undefined where no build would. */
  readonly repair: RepairOrder | undefined;
}

export type GateAnswer = GatePass | GateRefusal;

export interface FreshnessGate {
  /**
   * May a run on these terms be answered, and with which pack? Refusals are answers.
   * @throws DawsosError `invalid_request`, `portfolio_not_found`, `ledger_has_errors`, `store_unavailable`
   */
  ask(question: GateQuestion): Promise<GateAnswer>;
  /** How the prices stand that a portfolio rests on in a sealed pack, as of the pack's own day. */
  assess(
    pack: PackSummary,
    asked: Asked,
    whose: Pick<GateQuestion, 'ledgerCommitHash' | 'portfolioId'>,
  ): Promise<WorthAssessment>;
}

export interface FreshnessGateOptions {
  readonly store: PackFinder;
  /** A sealed pack: the same object as long as the caller keeps it. The gate itself holds none. */
  readonly loadPack: (id: string) => Promise<PricingPack>;
  /** The same of ledgers. */
  readonly loadLedger: (commit: string) => Promise<LedgerSnapshot>;
  readonly freshness: WorthPolicy;
  /** `CLOSE` when absent. */
  readonly packPolicy?: string | undefined;
  /** The limit in basis points where a request names none; none when absent. */
  readonly maxStalenessBps?: Decimal | undefined;
  readonly now: () => Date;
}

/** Positions whose worth is kept of one pack and ledger, in all portfolios and days; a position takes about 1 KB. */
const POSITIONS_KEPT = 20_000;
/** Stands for the pack where there is none. */
const UNBUILT = {};
/** Characters of what let runs pass. */
const PASSES_CHARACTERS_KEPT = 8_000_000;

/**
 * The freshness gate. Where the request names a limit in basis points, what its portfolio rests on decides instead of
 * the pack's age; a limit of the configuration comes on top of the age, and not where any age is allowed. A pack that
 * is superseded or marked stale passes only where stale is allowed; one that is not built, never.
 */
export function createFreshnessGate(options: FreshnessGateOptions): FreshnessGate {
  const { store, freshness, packPolicy = DEFAULT_POLICY, now } = options;
  const markets = freshness.markets ?? WEEKDAY_MARKETS;
  // what is known of a pack and a ledger lives as long as both do, which their caches alone decide
  const worths = new WeakMap<object, WeakMap<LedgerSnapshot, LRUCache<string, PortfolioWorth>>>();
  const passes = new LRUCache<string, GatePass>({
    maxSize: PASSES_CHARACTERS_KEPT,
    sizeCalculation: (pass, key) => key.length + JSON.stringify(pass).length,
  });

  async function ask(question: GateQuestion): Promise<GateAnswer> {
    const { terms } = question;
    const at = now();
    const found = await find(terms, at);
    if (found instanceof DawsosError) return refuseWithoutPack(question, found, at);
    const asked = askedOf(terms, found.pack, at);
    const age = packAge(found.pack, asked, freshness);
    const worth = await worthOf(question, found);
    const key = JSON.stringify([
      terms,
      question.ledgerCommitHash,
      question.portfolioId,
      found.pack.pack_id,
      age.status,
      age.cause,
      [...worth.calendars].map((calendar) => dueDay(calendar, asked)),
    ]);
    const known = passes.get(key);
    if (known !== undefined) return known;
    const answer = judge({ terms, found, asked, age, worth, at });
    if (answer.passes) passes.set(key, answer);
    return answer;
  }

  async function find(terms: GateTerms, at: Date): Promise<FoundPack | DawsosError> {
    try {
      return await findPack(store, {
        packId: terms.pack_id ?? undefined,
        asofDate: terms.asof_date ?? undefined,
        today: isoDate(at.toISOString().slice(0, 10)),
        policy: packPolicy,
      });
    } catch (error) {
      if (isDawsosError(error) && error.code === 'pack_not_found') return error;
      throw error;
    }
  }

  /** Nothing is known of a pack that is not built: then everything held is missing. */
  async function worthOf(
    { ledgerCommitHash, portfolioId }: Pick<GateQuestion, 'ledgerCommitHash' | 'portfolioId'>,
    found: Pick<FoundPack, 'asofDate'> & { readonly pack: PackSummary | undefined },
  ): Promise<PortfolioWorth> {
    const { pack, asofDate } = found;
    const isBuilt = pack !== undefined && pack.content_hash !== null;
    const [snapshot, content] = await Promise.all([
      options.loadLedger(ledgerCommitHash),
      isBuilt ? options.loadPack(pack.pack_id) : emptyPack(pack?.pack_id ?? 'none', asofDate),
    ]);
    const known = worthsIn(isBuilt ? content : UNBUILT, snapshot);
    const key = JSON.stringify([portfolioId, pack?.pack_id, asofDate]);
    const worth = known.get(key) ?? readWorth(snapshot, portfolioId, content, asofDate);
    known.set(key, worth);
    return worth;
  }

  function worthsIn(pack: object, snapshot: LedgerSnapshot): LRUCache<string, PortfolioWorth> {
    const byLedger = worths.get(pack) ?? new WeakMap<LedgerSnapshot, LRUCache<string, PortfolioWorth>>();
    worths.set(pack, byLedger);
    const known =
      byLedger.get(snapshot) ??
      new LRUCache<string, PortfolioWorth>({
        maxSize: POSITIONS_KEPT,
        sizeCalculation: ({ size }) => Math.min(POSITIONS_KEPT, size),
      });
    byLedger.set(snapshot, known);
    return known;
  }

  function readWorth(
    snapshot: LedgerSnapshot,
    portfolioId: string | null,
    content: PricingPack,
    asofDate: IsoDate,
  ): PortfolioWorth {
    const holdings = portfolioHoldings(snapshot, portfolioId, asofDate);
    const commodities = holdings.map(({ commodity }) => commodity);
    return new PortfolioWorth(content, asofDate, {
      holdings,
      baseCurrency: snapshot.portfolio(portfolioId).baseCurrency,
      policy: freshness,
      declaredCalendars: declaredCalendars(snapshot, commodities),
      factsOf: factsFor(snapshot, portfolioId),
    });
  }

  interface Case {
    readonly terms: GateTerms;
    readonly found: FoundPack;
    readonly asked: Asked;
    readonly age: PackAge;
    readonly worth: PortfolioWorth;
    readonly at: Date;
  }

  function judge({ terms, found, asked, age, worth, at }: Case): GateAnswer {
    const { pack, asofDate } = found;
    const limit = limitOf(terms);
    const assessment = worth.at(asked);
    const repair =
      age.cause === 'superseded'
        ? undefined
        : repairOrder({
            policy: pack.policy,
            day: dayToBuild(asked),
            there: pack,
            needed: assessment.needed,
          });
    if (refusesState(age, terms)) return refuse(notFresh(found, age, assessment, repair), repair);
    const bound = limit === undefined ? undefined : worth.boundBpAt(asked);
    if (limit !== undefined && (bound === undefined || bound.gt(limit))) {
      return refuse(tooFarOff(pack, assessment, limit, repair), repair);
    }
    const { stale_share, bound_bp, confidence, base_currency, needed } = assessment;
    return {
      passes: true,
      pack,
      status: age.status,
      asofDate,
      freshness: {
        asked: assessment.asked,
        pack_age_business_days: age.businessDays,
        base_currency,
        stale_share,
        bound_bp,
        confidence,
        max_staleness_bps: limit?.toFixed() ?? null,
        allow_stale: terms.allow_stale,
        needed: needed.map((quote) => ({ ...quote })),
      },
      validUntil: 'at' in asked ? validUntil(terms, pack, worth, at) : null,
    };
  }

  function validUntil(terms: GateTerms, pack: PackSummary, worth: PortfolioWorth, from: Date): Date | null {
    const limit = limitOf(terms);
    return firstRefusal(from, worth.calendars, (at) => {
      if (refusesState(packAge(pack, { at }, freshness), terms)) return true;
      if (limit === undefined) return false;
      const bound = worth.boundBpAt({ at });
      return bound === undefined || bound.gt(limit);
    });
  }

  async function refuseWithoutPack(
    question: GateQuestion,
    error: DawsosError,
    at: Date,
  ): Promise<GateRefusal> {
    const { pack_id: id, asof_date: named } = question.terms;
    const key = id === null ? undefined : parsePackId(id);
    // a restatement cannot be asked for by its id
    if (key !== undefined && key.restatement > 0) return { passes: false, error, repair: undefined };
    const day = key?.asofDate ?? dayToBuild(named === null ? { at } : { day: named });
    const worth = await worthOf(question, { pack: undefined, asofDate: day });
    const policy = key?.policy ?? packPolicy;
    const repair = repairOrder({ policy, day, there: undefined, needed: worth.at({ day }).needed });
    return refuse(
      new DawsosError('pack_not_found', error.message, { extensions: { ...error.extensions, repair } }),
      repair,
    );
  }

  function limitOf({ max_staleness_bps: named, allow_stale: anyAge }: GateTerms): Decimal | undefined {
    if (named !== null) return new Decimal(named);
    return anyAge ? undefined : options.maxStalenessBps;
  }

  function dayToBuild(asked: Asked): IsoDate {
    return markets.standard.sessionOnOrBefore(dueDay(markets.standard, asked));
  }

  return {
    ask,
    assess: async (pack, asked, whose) =>
      (await worthOf(whose, { pack, asofDate: isoDate(pack.asof_date) })).at(asked),
  };
}

/** What is asked of a pack: the day that was named; for a pack that was named, its own; else this moment. */
function askedOf(terms: GateTerms, pack: PackSummary, at: Date): Asked {
  if (terms.asof_date !== null) return { day: terms.asof_date };
  return terms.pack_id === null ? { at } : { day: isoDate(pack.asof_date) };
}

function refusesState({ status, cause }: PackAge, terms: GateTerms): boolean {
  if (status === 'fresh') return false;
  if (status !== 'stale') return true;
  if (terms.allow_stale) return false;
  return cause !== 'age' || terms.max_staleness_bps === null;
}

function refuse(error: DawsosError, repair: RepairOrder | undefined): GateRefusal {
  return { passes: false, error, repair };
}

function emptyPack(id: string, asofDate: IsoDate): PricingPack {
  return createPricingPack({ id, hash: sha256Hex(id), asofDate, series: [] });
}

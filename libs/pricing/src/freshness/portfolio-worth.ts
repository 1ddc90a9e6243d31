import { Decimal, decimalText, isDawsosError, isoDate, ONE, ZERO, type IsoDate } from '@dawsos/contracts';
import { dailyVolatility, QUANTILES } from './daily-volatility';
import { dueDay, type Asked, type MarketCalendar } from '../calendar/market-calendar';
import { WEEKDAY_MARKETS, type Markets } from '../calendar/markets';
import { DEFAULT_FRESHNESS } from './pack-age';
import { undeclaredFacts } from '@dawsos/ledger';
import type { PricePoint, PricingPack } from '../pack/pricing-pack';
import type { FactsOf, UnitPrice } from '../valuation/quote-reader';
import { createUnitPrices, type UnitPrices } from '../valuation/unit-prices';
import type { Holding, NeededQuote, WorthAssessment, WorthLink, WorthPolicy, WorthPosition } from './worth';

export interface WorthRequest {
  readonly holdings: readonly Holding[];
  readonly baseCurrency: string;
  readonly policy: WorthPolicy;
  /** The calendars that the ledger declares, by commodity. */
  readonly declaredCalendars?: ReadonlyMap<string, string>;
  /** What the ledger says of its commodities; without it ISO 4217 says what is money, and nothing was ever split. */
  readonly factsOf?: FactsOf;
}

interface Link {
  readonly kind: 'price' | 'rate';
  readonly name: string;
  readonly date: IsoDate;
  readonly calendar: MarketCalendar;
  readonly allowed: number;
  /** The standard deviation of a return over one session; undefined with too little history. */
  readonly volatility: () => Decimal | undefined;
}

interface Position {
  readonly commodity: string;
  readonly value: Decimal;
  readonly links: readonly Link[];
}

interface Missing {
  readonly kind: 'price' | 'rate';
  readonly name: string;
  readonly calendar: MarketCalendar;
}

const FIRST_DAY = isoDate('0001-01-01');

/**
 * What a portfolio's value rests on in a pack as of `day`: each position's price and rate, with their dates, calendars
 * and volatilities. Reading it from the pack is done once; how old it all is can then be asked for any moment.
 */
export class PortfolioWorth {
  readonly calendars: ReadonlySet<MarketCalendar>;
  private readonly markets: Markets;
  private readonly positions: readonly Position[];
  private readonly missing: readonly Missing[];
  private readonly gross: Decimal;
  private readonly quantile: Decimal;
  private readonly factsOf: FactsOf;
  private readonly unitPrices: UnitPrices;

  constructor(
    private readonly pack: PricingPack,
    private readonly day: IsoDate,
    private readonly request: WorthRequest,
  ) {
    this.markets = request.policy.markets ?? WEEKDAY_MARKETS;
    this.quantile = QUANTILES[this.confidence];
    this.factsOf = request.factsOf ?? undeclaredFacts;
    this.unitPrices = createUnitPrices(pack, this.factsOf, day);
    const missing: Missing[] = [];
    const held = request.holdings.filter(
      ({ units, commodity }) => !units.isZero() && !this.factsOf(commodity).isCounter,
    );
    this.positions = held.flatMap((holding) => this.positionOf(holding, missing));
    this.missing = missing;
    this.gross = sum(this.positions.map(({ value }) => value.abs()));
    this.calendars = new Set([
      this.markets.standard,
      ...this.positions.flatMap(({ links }) => links.map(({ calendar }) => calendar)),
    ]);
  }

  /** How many positions it rests on, those without a price included, and one for itself. */
  get size(): number {
    return 1 + this.positions.length + this.missing.length;
  }

  /** How old it is for what is asked, and what that can have moved the value by. */
  at(asked: Asked): WorthAssessment {
    const positions = this.positions.map((position) => this.shown(position, asked));
    const stale = sum(
      this.positions.filter((position) => isStale(position, asked)).map(({ value }) => value.abs()),
    );
    const bound = this.boundAt(asked);
    const { gross } = this;
    return {
      asked: dueDay(this.markets.standard, asked),
      base_currency: this.request.baseCurrency,
      gross_value: decimalText(gross, 4),
      stale_value: decimalText(stale, 4),
      stale_share: gross.isZero() ? '0' : decimalText(stale.div(gross), 6),
      confidence: this.confidence,
      bound: bound === undefined ? null : decimalText(bound, 4),
      bound_bp: bound === undefined ? null : decimalText(this.inBasisPoints(bound), 4),
      positions,
      needed: this.neededAt(asked),
    };
  }

  /** The bound in basis points of the gross value; undefined where none can be stated. */
  boundBpAt(asked: Asked): Decimal | undefined {
    const bound = this.boundAt(asked);
    return bound && this.inBasisPoints(bound);
  }

  private get confidence(): keyof typeof QUANTILES {
    return this.request.policy.confidence ?? '0.99';
  }

  private inBasisPoints(value: Decimal): Decimal {
    return this.gross.isZero() ? ZERO : value.div(this.gross).times(10_000);
  }

  private boundAt(asked: Asked): Decimal | undefined {
    if (this.missing.length > 0) return undefined;
    let total = ZERO;
    for (const position of this.positions) {
      const bound = this.boundOf(position, asked);
      if (bound === undefined) return undefined;
      total = total.plus(bound);
    }
    return total;
  }

  private boundOf({ value, links }: Position, asked: Asked): Decimal | undefined {
    let moves = ZERO;
    for (const link of links) {
      const age = ageOf(link, asked);
      if (age <= link.allowed) continue;
      const volatility = link.volatility();
      if (volatility === undefined) return undefined;
      moves = moves.plus(volatility.times(this.quantile).times(new Decimal(age).sqrt()));
    }
    return moves.times(value.abs());
  }

  private shown(position: Position, asked: Asked): WorthPosition {
    const bound = this.boundOf(position, asked);
    return {
      commodity: position.commodity,
      value: decimalText(position.value, 4),
      stale: isStale(position, asked),
      links: position.links.map((link) => shownLink(link, asked)),
      bound: bound === undefined ? null : decimalText(bound, 4),
    };
  }

  /** Each price and rate that is missing or too old, once, with the day it should be of. */
  private neededAt(asked: Asked): NeededQuote[] {
    const needed = new Map<string, NeededQuote>();
    const need = ({ kind, name, calendar }: Missing, last: IsoDate | null): void => {
      const date = calendar.sessionOnOrBefore(dueDay(calendar, asked));
      needed.set(`${kind} ${name}`, { kind, name, date, last_date: last });
    };
    for (const missing of this.missing) need(missing, null);
    for (const link of this.positions.flatMap(({ links }) => links)) {
      if (ageOf(link, asked) > link.allowed) need(link, link.date);
    }
    return [...needed.values()];
  }

  /** None when there is no price or no rate: then it is missing, and nothing is said of its value. */
  private positionOf({ commodity, units }: Holding, missing: Missing[]): Position[] {
    const { baseCurrency: base } = this.request;
    const isMoney = commodity === base || this.factsOf(commodity).isMoney;
    const price = isMoney ? undefined : this.priceOf(commodity);
    const currency = price?.currency ?? commodity;
    const rate = this.pack.rate(currency, base, this.day);
    if (price === undefined && !isMoney) missing.push(this.missingOf('price', commodity));
    else if (rate === undefined) missing.push(this.missingOf('rate', `${currency} ${base}`));
    if (rate === undefined || (price === undefined && !isMoney)) return [];

    const links = (price?.quotes ?? []).map((quote) => this.linkOf('price', quote.commodity, quote.date));
    if (currency !== base) links.push(this.linkOf('rate', `${currency} ${base}`, rate.date));
    return [{ commodity, links, value: units.times(price?.number ?? ONE).times(rate.number) }];
  }

  /** A price that cannot be told is as good as none. */
  private priceOf(commodity: string): UnitPrice | undefined {
    try {
      return this.unitPrices.at(commodity, this.day);
    } catch (error) {
      if (isUntellable(error)) return undefined;
      throw error;
    }
  }

  private missingOf(kind: 'price' | 'rate', name: string): Missing {
    return { kind, name, calendar: this.calendarOf(kind, name) };
  }

  private linkOf(kind: 'price' | 'rate', name: string, date: IsoDate): Link {
    const calendar = this.calendarOf(kind, name);
    const allowed = this.markets.maxAgeOf(name) ?? this.request.policy.maxAgeBusinessDays;
    let known: { readonly value: Decimal | undefined } | undefined;
    const volatility = (): Decimal | undefined => {
      known ??= {
        value: dailyVolatility(this.historyOf(kind, name, date), (start, end) =>
          calendar.sessionsBetween(start, end),
        ),
      };
      return known.value;
    };
    return { kind, name, date, calendar, allowed, volatility };
  }

  private calendarOf(kind: 'price' | 'rate', name: string): MarketCalendar {
    return this.markets.calendarOf(kind, name, this.request.declaredCalendars?.get(name));
  }

  /** As quoted where it cannot be told: a jump too many only widens the bound. */
  private restated(point: PricePoint): Decimal {
    try {
      return this.unitPrices.restated(point);
    } catch (error) {
      if (isUntellable(error)) return point.number;
      throw error;
    }
  }

  private historyOf(
    kind: Link['kind'],
    name: string,
    date: IsoDate,
  ): readonly { date: IsoDate; number: Decimal }[] {
    if (kind === 'price') {
      const points = this.pack.priceSeries(name, FIRST_DAY, date);
      return points.map((point) => ({ date: point.date, number: this.restated(point) }));
    }
    const [base = '', quote = ''] = name.split(' ');
    return this.pack.rateSeries(base, quote, FIRST_DAY, date);
  }
}

/** The ledger does not tell of which units a price is. */
const isUntellable = (error: unknown): boolean =>
  isDawsosError(error) && (error.code === 'prices_look_adjusted' || error.code === 'split_unclear');

function ageOf({ calendar, date }: Link, asked: Asked): number {
  return calendar.sessionsBetween(date, dueDay(calendar, asked));
}

function isStale({ links }: Position, asked: Asked): boolean {
  return links.some((link) => ageOf(link, asked) > link.allowed);
}

function shownLink(link: Link, asked: Asked): WorthLink {
  const age = ageOf(link, asked);
  const stale = age > link.allowed;
  const volatility = stale ? link.volatility() : undefined;
  return {
    kind: link.kind,
    name: link.name,
    date: link.date,
    calendar: link.calendar.name,
    age_business_days: age,
    allowed_business_days: link.allowed,
    stale,
    daily_volatility: volatility === undefined ? null : decimalText(volatility, 8),
  };
}

/**
 * How much of a portfolio rests on prices older than allowed, and what that can move its value by. A link (a price, or
 * a rate) that is `a` sessions of its calendar old and stale can have moved the value v by z·σ·√a·|v|: σ its own daily
 * volatility (`dailyVolatility`), √a the square root of time rule, z the two-sided normal quantile. Parts are added as
 * if all moved together, which is never less than any correlation gives.
 */
export function assessWorth(
  pack: PricingPack,
  request: Omit<WorthRequest, 'policy'> & { readonly asked: IsoDate; readonly policy?: WorthPolicy },
): WorthAssessment {
  const { asked: day, policy = DEFAULT_FRESHNESS, ...rest } = request;
  return new PortfolioWorth(pack, day, { ...rest, policy }).at({ day });
}

const sum = (values: readonly Decimal[]): Decimal => values.reduce((total, value) => total.plus(value), ZERO);

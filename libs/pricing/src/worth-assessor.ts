import { addDays, Decimal, decimalText, ONE, ZERO, type IsoDate } from '@dawsos/contracts';
import { dailyVolatility } from './daily-volatility';
import { businessDaysBetween } from './freshness';
import { DEFAULT_POLICY, packId } from './pack-id';
import type { PricingPack } from './pricing-pack';
import type { Holding, RepairOrder, WorthLink, WorthPolicy, WorthPosition } from './worth';

interface AssessedLink {
  readonly shown: WorthLink;
  readonly move: Decimal | undefined;
}

export interface AssessedPosition {
  readonly shown: WorthPosition;
  readonly gross: Decimal;
  readonly bound: Decimal | undefined;
}

/** Follows each position's price and rate, and keeps what is missing or stale on the way. */
export class WorthAssessor {
  missing = false;
  private readonly needed = new Map<string, RepairOrder['needed'][number]>();
  private readonly volatilities = new Map<string, Decimal | undefined>();

  constructor(
    private readonly pack: PricingPack,
    private readonly base: string,
    private readonly asked: IsoDate,
    private readonly policy: WorthPolicy,
    private readonly quantile: Decimal,
  ) {}

  /** None when there is no price or no rate: then it is needed, and nothing is said of its value. */
  position({ commodity, units }: Holding): AssessedPosition[] {
    const price = this.pack.price(commodity, this.asked);
    const currency = price?.currency ?? commodity;
    const rate = this.pack.rate(currency, this.base, this.asked);
    const isMoney = price === undefined && (rate !== undefined || commodity === this.base);
    if (price === undefined && !isMoney) this.need('price', commodity, null);
    else if (rate === undefined) this.need('rate', `${currency} ${this.base}`, null);
    if (rate === undefined || (price === undefined && !isMoney)) return [];

    const links: AssessedLink[] = [];
    if (price !== undefined) links.push(this.link('price', commodity, price.date));
    if (currency !== this.base) links.push(this.link('rate', `${currency} ${this.base}`, rate.date));
    const value = units.times(price?.number ?? ONE).times(rate.number);
    const moves = links.map(({ move }) => move);
    const bound = moves.some((move) => move === undefined)
      ? undefined
      : moves.reduce<Decimal>((total, move) => total.plus(move ?? ZERO), ZERO).times(value.abs());
    const shown: WorthPosition = {
      commodity,
      value: decimalText(value, 4),
      stale: links.some((link) => link.shown.stale),
      links: links.map((link) => link.shown),
      bound: bound === undefined ? null : decimalText(bound, 4),
    };
    return [{ shown, gross: value.abs(), bound }];
  }

  repair(): RepairOrder {
    const key = { asofDate: this.asked, policy: DEFAULT_POLICY, restatement: 0 };
    return { pack_id: packId(key), asof_date: this.asked, needed: [...this.needed.values()] };
  }

  validUntil(links: readonly WorthLink[]): IsoDate | null {
    const last = links.filter((link) => !link.stale).map((link) => this.lastFreshDay(link));
    return last.sort()[0] ?? null;
  }

  private lastFreshDay(link: WorthLink): IsoDate {
    let day = this.asked;
    const isFresh = (date: IsoDate): boolean =>
      businessDaysBetween(link.date, date, this.policy.holidays) <= link.allowed_business_days;
    while (isFresh(addDays(day, 1))) day = addDays(day, 1);
    return day;
  }

  private link(kind: WorthLink['kind'], name: string, date: IsoDate): AssessedLink {
    const age = businessDaysBetween(date, this.asked, this.policy.holidays);
    const allowed = this.policy.maxAgeOf?.get(name) ?? this.policy.maxAgeBusinessDays;
    const stale = age > allowed;
    if (stale) this.need(kind, name, date);
    const volatility = stale ? this.volatility(kind, name, date) : undefined;
    return {
      shown: {
        kind,
        name,
        date,
        age_business_days: age,
        allowed_business_days: allowed,
        stale,
        daily_volatility: volatility === undefined ? null : decimalText(volatility, 8),
      },
      move: stale ? volatility?.times(this.quantile).times(new Decimal(age).sqrt()) : ZERO,
    };
  }

  private volatility(kind: WorthLink['kind'], name: string, date: IsoDate): Decimal | undefined {
    const key = `${kind} ${name}`;
    if (!this.volatilities.has(key)) {
      const [base = '', quote = ''] = name.split(' ');
      const start = '0001-01-01' as IsoDate;
      const series =
        kind === 'price'
          ? this.pack.priceSeries(name, start, date)
          : this.pack.rateSeries(base, quote, start, date);
      this.volatilities.set(key, dailyVolatility(series));
    }
    return this.volatilities.get(key);
  }

  private need(kind: 'price' | 'rate', name: string, lastDate: IsoDate | null): void {
    if (lastDate === null) this.missing = true;
    this.needed.set(`${kind} ${name}`, { kind, name, date: this.asked, last_date: lastDate });
  }
}

import { Decimal, decimalText } from './decimal';
import { DawsosError } from './error';

/** An exact amount in one currency. `Money<'USD'>` and `Money<'EUR'>` do not add: not at compile time when the codes are literal, not at run time otherwise. */
export class Money<C extends string = string> {
  constructor(
    readonly number: Decimal,
    readonly currency: C,
  ) {}

  static of<C extends string>(number: Decimal | string | number, currency: C): Money<C> {
    return new Money(new Decimal(number), currency);
  }

  static zero<C extends string>(currency: C): Money<C> {
    return new Money(new Decimal(0), currency);
  }

  /** @throws DawsosError `currency_mismatch` */
  plus(other: Money<NoInfer<C>>): Money<C> {
    this.requireSame(other);
    return new Money(this.number.plus(other.number), this.currency);
  }

  /** @throws DawsosError `currency_mismatch` */
  minus(other: Money<NoInfer<C>>): Money<C> {
    this.requireSame(other);
    return new Money(this.number.minus(other.number), this.currency);
  }

  times(factor: Decimal | number): Money<C> {
    return new Money(this.number.times(factor), this.currency);
  }

  /** This amount in `currency`; `rate` is units of `currency` per unit of this one. */
  convert<D extends string>(rate: Decimal, currency: D): Money<D> {
    return new Money(this.number.times(rate), currency);
  }

  toJSON(): { number: string; currency: C } {
    return { number: decimalText(this.number), currency: this.currency };
  }

  private requireSame(other: Money<string>): void {
    if (other.currency !== this.currency) {
      throw new DawsosError(
        'currency_mismatch',
        `${other.currency} cannot be added to ${this.currency}; convert one first`,
      );
    }
  }
}

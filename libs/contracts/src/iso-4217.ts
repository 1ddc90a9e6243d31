import { Decimal } from './decimal';
import type { IsoDate } from './iso-date';

/** National currencies of ISO 4217 by the digits of their minor unit; metals, funds and test codes are none. */
const BY_EXPONENT: Readonly<Record<number, string>> = {
  0: 'BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
    'CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG ' +
    'HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR ' +
    'MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR ROL RON RSD RUB RUR SAR SBD SCR SDG SEK SGD ' +
    'SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL THB TJS TMT TOP TRL TRY TTD TWD TZS UAH USD USN UYU UZS VED VEF VES WST ' +
    'XCD XCG YER ZAR ZMK ZMW ZWG ZWL',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, Number(exponent)] as const),
  ),
);

/** A unit that is a fixed number of another's: pence of a pound, and the currencies that the euro replaced. */
export interface FixedPart {
  /** The currency that it is a part of. */
  readonly of: string;
  /** Units of it in one unit of `of`. */
  readonly units: Decimal;
  /** The first day on which the number is fixed; null where it always was. */
  readonly since: IsoDate | null;
}

const MINOR_UNITS: readonly (readonly [string, string, string])[] = [
  ['GBX', 'GBP', '100'],
  ['ZAC', 'ZAR', '100'],
  ['ILA', 'ILS', '100'],
  ['KWF', 'KWD', '1000'],
];

/** Council regulations (EC) No 2866/98 and those that followed: units for one euro, and the day of the change. */
const EURO: readonly (readonly [string, string, string])[] = [
  ['ATS', '13.7603', '1999-01-01'],
  ['BEF', '40.3399', '1999-01-01'],
  ['DEM', '1.95583', '1999-01-01'],
  ['ESP', '166.386', '1999-01-01'],
  ['FIM', '5.94573', '1999-01-01'],
  ['FRF', '6.55957', '1999-01-01'],
  ['IEP', '0.787564', '1999-01-01'],
  ['ITL', '1936.27', '1999-01-01'],
  ['LUF', '40.3399', '1999-01-01'],
  ['NLG', '2.20371', '1999-01-01'],
  ['PTE', '200.482', '1999-01-01'],
  ['GRD', '340.750', '2001-01-01'],
  ['SIT', '239.640', '2007-01-01'],
  ['CYP', '0.585274', '2008-01-01'],
  ['MTL', '0.429300', '2008-01-01'],
  ['SKK', '30.1260', '2009-01-01'],
  ['EEK', '15.6466', '2011-01-01'],
  ['LVL', '0.702804', '2014-01-01'],
  ['LTL', '3.45280', '2015-01-01'],
  ['HRK', '7.53450', '2023-01-01'],
  ['BGN', '1.95583', '2026-01-01'],
];

/** By their code; what is in no table is no fixed part of anything. */
export const FIXED_PARTS: ReadonlyMap<string, FixedPart> = new Map<string, FixedPart>([
  ...MINOR_UNITS.map(([code, of, units]) => [code, { of, units: new Decimal(units), since: null }] as const),
  ...EURO.map(
    ([code, units, since]) =>
      [code, { of: 'EUR', units: new Decimal(units), since: since as IsoDate }] as const,
  ),
]);

const WITHOUT_MINOR_UNIT: ReadonlySet<string> = new Set(['BEF', 'ESP', 'ITL', 'LUF', 'PTE', 'GRD']);
const DEFAULT_EXPONENT = 2;

/** Digits after the point of an amount of money, by ISO 4217; 2 where the code is in no table. */
export function currencyExponent(code: string): number {
  const exponent = EXPONENTS.get(code);
  if (exponent !== undefined) return exponent;
  return WITHOUT_MINOR_UNIT.has(code) ? 0 : DEFAULT_EXPONENT;
}

/** Whether the code is a country's money by ISO 4217, or a fixed part of one. */
export function isNationalCurrency(code: string): boolean {
  return EXPONENTS.has(code) || FIXED_PARTS.has(code);
}

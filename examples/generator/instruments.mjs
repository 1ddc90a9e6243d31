/**
 * The made-up world of the example: no instrument here exists, and no price was ever paid. `drift` and `volatility`
 * are a year's; `beta` is the share of the market's day that the instrument takes.
 */
export const FIRST_DAY = '2022-10-03';
export const LAST_DAY = '2025-10-22';

/** Four for one: the price falls to a quarter at the open of that day. */
export const SPLIT = { ticker: 'NWND', date: '2024-06-10', ratio: 4 };

export const INSTRUMENTS = [
  instrument('NWND', 'Northwind Software', 'Technology', 'equity', 'USD', 'US', 288.4, 0.24, 0.29, 1.2),
  instrument('HELX', 'Helix Biomedical', 'Health Care', 'equity', 'USD', 'US', 142.75, 0.07, 0.24, 0.7),
  instrument('BRDG', 'Bridgeport Industrial', 'Industrials', 'equity', 'USD', 'US', 96.1, 0.11, 0.22, 1.0),
  instrument('CLRW', 'Clearwater Utilities', 'Utilities', 'equity', 'USD', 'US', 61.35, 0.04, 0.16, 0.4),
  instrument(
    'USAG',
    'US Aggregate Bond Fund',
    'Fixed Income',
    'bond_fund',
    'USD',
    'US',
    97.2,
    0.02,
    0.06,
    0.05,
  ),
  instrument('MPLB', 'Maple Bank', 'Financials', 'equity', 'CAD', 'CA', 84.6, 0.09, 0.19, 0.9),
  instrument('NRTH', 'Northern Rail', 'Industrials', 'equity', 'CAD', 'CA', 151.2, 0.08, 0.2, 0.9),
  instrument('BRLE', 'Boreal Energy', 'Energy', 'equity', 'CAD', 'CA', 47.85, 0.05, 0.31, 0.8),
  instrument(
    'CDNX',
    'Canada Broad Market Fund',
    'Broad Market',
    'equity_fund',
    'CAD',
    'CA',
    29.4,
    0.09,
    0.15,
    1.0,
  ),
  instrument('RHNE', 'Rheinwerk Automation', 'Industrials', 'equity', 'EUR', 'DE', 118.3, 0.12, 0.25, 1.1),
  instrument(
    'LUMI',
    'Lumiere Maison',
    'Consumer Discretionary',
    'equity',
    'EUR',
    'FR',
    402.5,
    0.03,
    0.27,
    1.0,
  ),
  instrument(
    'EUGB',
    'Euro Government Bond Fund',
    'Fixed Income',
    'bond_fund',
    'EUR',
    'LU',
    104.1,
    0.015,
    0.05,
    0.02,
  ),
];

/** Not traded: its manager states a value at the end of each month, which the ledger records. */
export const PRIVATE_FUND = {
  ticker: 'GLEN',
  name: 'Glenmore Private Credit Fund',
  sector: 'Private Credit',
  assetClass: 'private_credit',
  currency: 'CAD',
  country: 'CA',
  firstValue: 10,
  monthlyReturn: 0.0068,
  monthlyDeviation: 0.0021,
};

export const CURRENCIES = [
  { code: 'CAD', name: 'Canadian Dollar', country: 'CA' },
  { code: 'EUR', name: 'Euro', country: 'EU' },
  { code: 'USD', name: 'US Dollar', country: 'US' },
];

/** The pairs that are drawn; EUR/USD follows from the two, so that no triangle earns anything. */
export const DRAWN_RATES = [
  { base: 'USD', quote: 'CAD', first: 1.3648, drift: 0.008, volatility: 0.062, beta: -0.12 },
  { base: 'EUR', quote: 'CAD', first: 1.3391, drift: 0.055, volatility: 0.068, beta: 0.03 },
];

function instrument(
  ticker,
  name,
  sector,
  assetClass,
  currency,
  country,
  firstPrice,
  drift,
  volatility,
  beta,
) {
  return { ticker, name, sector, assetClass, currency, country, firstPrice, drift, volatility, beta };
}

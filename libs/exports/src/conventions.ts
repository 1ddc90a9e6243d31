/** What the conventions that results state mean, for a reader who does not know them. The first that fits counts. */
const WORDS: readonly (readonly [stated: RegExp, words: string])[] = [
  [
    /^TWR\b/,
    'The value is struck before and after each flow; the steps between are linked, so that payments in and out are no return.',
  ],
  [/^XIRR\b/, 'The rate at which all payments and the closing value balance.'],
  [/^close \d/, 'What happens on the first day is in the opening value.'],
  [/^Act\/365/, 'Nothing shorter than a year is made a year’s.'],
  [/^(portfolio|whole ledger)\b/, 'The accounts that the portfolio names, and all below them.'],
  [/; n \d/, 'How often returns are observed, how many such steps a year has, and how many there are.'],
  [/^price return/, 'At closing prices; dividends are not counted, and no costs are taken off.'],
  [/^least squares/, 'How much of the benchmark’s moves the portfolio made, on average.'],
  [/sample/, 'How far returns spread, made a year’s.'],
  [/rf per step|arithmetic/, 'The mean excess over the risk-free rate, by the deviation of the returns.'],
  [/historical/, 'The loss that was not exceeded on the share of past days that the confidence names.'],
  [/valuation days/, 'The fall from the highest point so far, of the index that payments do not move.'],
  [/pay date/, 'On the day of payment; gross and withheld are shown apart; both are in the return.'],
  [/fx\/interaction|Frongello/, 'Daily effects are linked so that they add up to the return.'],
  [
    /as traded/,
    'No price of a later day, no adjustment. A rate through a third currency uses the freshest chain.',
  ],
  [/as booked/, 'Cost and day of purchase stay with the units through moves and splits.'],
  [/individual/, 'Proceeds and cost each at the rate of its own day.'],
  [/income gross/, 'Flows, income, fees and taxes at their day’s rate. Price gains are what these leave.'],
  [/half up/, 'Once, from exact figures. Rows are rounded so that they add up to their total.'],
];

export function inWords(method: string): string {
  return WORDS.find(([stated]) => stated.test(method))?.[1] ?? '';
}

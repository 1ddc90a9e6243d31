import { isoDate } from '@dawsos/contracts';
import type { Portfolio, Transaction } from '@dawsos/ledger';
import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField, DecimalField, exact } from './decimal-fields';
import { isOwn, namesCommodity, transactions } from './holdings';
import { CostSchema } from './ledger-positions';

const PostingSchema = z.object({
  account: z.string(),
  units: DecimalField,
  commodity: z.string(),
  cost: CostSchema.nullable(),
  price: z.object({ number: DecimalField, currency: z.string() }).nullable(),
  own: z.boolean().describe("In the portfolio's accounts."),
});

const TransactionSchema = z.object({
  date: DateField,
  flag: z.string(),
  payee: z.string().nullable(),
  narration: z.string(),
  tags: z.array(z.string()),
  links: z.array(z.string()),
  postings: z.array(PostingSchema),
});

export const ledgerTransactions = defineCapability({
  name: 'ledger.transactions',
  description:
    "The transactions that touch the portfolio's accounts, in ledger order: all, or those that move a commodity " +
    'or name it; with a limit, the last of them.',
  args: z.strictObject({
    from: DateField.nullish(),
    to: DateField.nullish(),
    commodity: z.string().nullish().describe('Moved in own accounts, or named by metadata commodity.'),
    limit: z.int().positive().max(10_000).nullish(),
  }),
  result: z.object({
    total: z.int().describe('How many there are in the period, the limit aside.'),
    transactions: z.array(TransactionSchema),
  }),
  run: ({ from, to, commodity, limit }, { ledger, asofDate }) => {
    const portfolio = ledger.portfolio();
    const query = { to: to ? isoDate(to) : asofDate };
    const every = transactions(ledger.entries(from ? { ...query, from: isoDate(from) } : query));
    const all = commodity ? every.filter((entry) => concerns(entry, commodity, portfolio)) : every;
    const rows = limit ? all.slice(-limit) : all;
    return {
      total: all.length,
      transactions: rows.map((entry) => row(entry, (account) => isOwn(portfolio, account))),
    };
  },
});

function concerns({ meta, postings }: Transaction, commodity: string, portfolio: Portfolio): boolean {
  return (
    namesCommodity(meta, commodity) ||
    postings.some(
      (posting) =>
        (posting.units.currency === commodity && isOwn(portfolio, posting.account)) ||
        namesCommodity(posting.meta, commodity),
    )
  );
}

function row(entry: Transaction, own: (account: string) => boolean): z.infer<typeof TransactionSchema> {
  return {
    date: entry.date,
    flag: entry.flag,
    payee: entry.payee,
    narration: entry.narration,
    tags: [...entry.tags].sort(),
    links: [...entry.links].sort(),
    postings: entry.postings.map(({ account, units, cost, price }) => ({
      account,
      units: exact(units.number.toDecimal()),
      commodity: units.currency,
      cost: cost && {
        number: exact(cost.number.toDecimal()),
        currency: cost.currency,
        date: cost.date,
        label: cost.label,
      },
      price: price && { number: exact(price.number.toDecimal()), currency: price.currency },
      own: own(account),
    })),
  };
}

import { addDays, daysBetween, ZERO, type Decimal, type IsoDate } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability, type CapabilityContext } from '../capability';
import { DateField, DecimalField, figure } from '../financial-analyst/decimal-fields';
import { byText, isOwn, metaText, transactions } from '../financial-analyst/holdings';
import { StatedGapSchema, type StatedGap } from '../financial-analyst/stated-gap';
import { announcements, type Announcement } from './announcements';

export const ActionSchema = z.object({
  kind: z.enum(['dividend', 'split']),
  commodity: z.string(),
  name: z.string().nullable(),
  announced: DateField,
  ex_date: DateField,
  pay_date: DateField.nullable(),
  status: z
    .enum(['announced', 'to_be_paid'])
    .describe(
      'to_be_paid: the ex-date is past, so that the units are settled; announced: the units may still change.',
    ),
  days_until: z
    .int()
    .describe('From the as-of date to the ex-date, or to the payment where it is to be paid.'),
  units: DecimalField.describe('Entitled: held at the close of the day before the ex-date, or so far.'),
  amount: DecimalField.nullable().describe('Of a dividend, a unit, gross.'),
  currency: z.string().nullable(),
  ratio: DecimalField.nullable().describe('Of a split, units after for a unit before.'),
});

export const upcomingActions = defineCapability({
  name: 'corporate_actions.upcoming',
  description:
    'The dividends and splits of what the portfolio holds that the ledger announced by the as-of date: those whose ' +
    'ex-date comes within days_ahead, and dividends that are past it and not yet paid.',
  args: z.strictObject({ days_ahead: z.int().positive().max(3_660) }),
  result: z.object({
    asof_date: DateField,
    until: DateField,
    actions: z.array(ActionSchema).describe('By date.'),
    gaps: z.array(StatedGapSchema),
  }),
  run: ({ days_ahead }, context) => {
    const { asofDate } = context;
    const until = addDays(asofDate, days_ahead);
    const gaps: StatedGap[] = [];
    const actions = announcements(context, gaps)
      .flatMap((announcement) => actionRow(announcement, until, context))
      .sort(
        (a, b) => a.days_until - b.days_until || byText(a.commodity, b.commodity) || byText(a.kind, b.kind),
      );
    return { asof_date: asofDate, until, actions, gaps };
  },
});

function actionRow(
  announcement: Announcement,
  until: IsoDate,
  context: CapabilityContext,
): z.infer<typeof ActionSchema>[] {
  const { asofDate, ledger } = context;
  const { commodity, exDate, payDate } = announcement;
  const isAhead = exDate > asofDate && exDate <= until;
  const isDue =
    announcement.kind === 'dividend' &&
    exDate <= asofDate &&
    payDate !== null &&
    payDate > asofDate &&
    payDate <= until;
  if (!isAhead && !isDue) return [];
  const dayBefore = addDays(exDate, -1);
  const units = unitsHeld(commodity, isDue ? dayBefore : asofDate, context);
  if (units.isZero()) return [];
  return [
    {
      kind: announcement.kind,
      commodity,
      name: metaText(ledger.commodity(commodity), 'name'),
      announced: announcement.announced,
      ex_date: exDate,
      pay_date: payDate,
      status: isDue ? 'to_be_paid' : 'announced',
      days_until: daysBetween(asofDate, isDue ? payDate : exDate),
      units: figure(units),
      amount: announcement.kind === 'dividend' ? figure(announcement.amount) : null,
      currency: announcement.kind === 'dividend' ? announcement.currency : null,
      ratio: announcement.kind === 'split' ? figure(announcement.ratio) : null,
    },
  ];
}

function unitsHeld(commodity: string, date: IsoDate, { ledger }: CapabilityContext): Decimal {
  const portfolio = ledger.portfolio();
  return transactions(ledger.entries({ to: date }))
    .flatMap(({ postings }) => postings)
    .filter(({ account, units }) => units.currency === commodity && isOwn(portfolio, account))
    .reduce((sum, { units }) => sum.plus(units.number.toDecimal()), ZERO);
}

import { decimalText, ZERO } from '@dawsos/contracts';
import { z } from 'zod';
import { defineCapability } from '../../capability';
import { openLots, transactions } from '../holdings';

export const cashBalance = defineCapability({
  name: 'ledger.cash_balance',
  description: 'Units of one currency that the portfolio holds, without cost.',
  args: z.strictObject({ currency: z.string() }),
  result: z.object({ currency: z.string(), units: z.string() }),
  run({ currency }, { ledger, asofDate }) {
    const lots = openLots(transactions(ledger.entries({ to: asofDate })), ledger.portfolio());
    const cash = lots.filter(({ commodity, cost }) => commodity === currency && cost === null);
    return { currency, units: decimalText(cash.reduce((sum, { units }) => sum.plus(units), ZERO)) };
  },
});

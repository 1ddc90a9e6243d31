import { ExecuteRequestSchema, LOCAL_PRINCIPAL } from '@dawsos/contracts';
import { createSnapshot } from '@dawsos/ledger';
import { createPiiFilter } from '@dawsos/observability';
import { parsePattern, catalogOf } from '@dawsos/patterns';
import { createIntake } from './submit';

const PATTERN = {
  id: 'positions',
  version: '1.0.0',
  name: 'Positions',
  description: 'What is held.',
  steps: [{ id: 'positions', capability: 'ledger.positions', as: 'positions' }],
  outputs: ['positions'],
};

const SNAPSHOT = createSnapshot('c'.repeat(40), {
  entries: [],
  errors: [],
  options: {
    title: '',
    operatingCurrencies: ['CAD'],
    nameAssets: 'Assets',
    nameLiabilities: 'Liabilities',
    nameEquity: 'Equity',
    nameIncome: 'Income',
    nameExpenses: 'Expenses',
  },
  pluginsNotRun: [],
  pluginsWithoutEffect: [],
  files: [],
});

/** An intake of two places whose pack look-up lasts until it is told to fail. */
function startIntake() {
  const failures: (() => void)[] = [];
  const pending = () =>
    new Promise<never>((_resolve, reject) => failures.push(() => reject(new Error('no pack'))));
  const intake = createIntake({
    runs: { accept: pending, get: pending, findByIdempotencyKey: pending },
    patterns: catalogOf([parsePattern('positions.json', JSON.stringify(PATTERN))]),
    gate: { ask: pending },
    waitForFreshSeconds: 60,
    now: () => new Date(0),
    today: () => new Date('2025-06-01'),
    ledger: {
      resolve: async () => 'c'.repeat(40),
      snapshot: async () => SNAPSHOT,
      isBehind: async () => true,
    },
    defaultLedgerRef: 'main',
    allowedLedgerRefs: [],
    publish: (_runId, publish) => publish({ traceparent: null }),
    acceptsInFlight: 2,
    pii: createPiiFilter(),
  });
  const submit = (asofDate: string) =>
    intake.submit({
      body: ExecuteRequestSchema.parse({ pattern_id: 'positions', asof_date: asofDate }),
      principal: LOCAL_PRINCIPAL,
      requestId: 'r',
      idempotencyKey: null,
    });
  /** Once every submission has come to its look-up. */
  const failAll = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const fail of failures.splice(0)) fail();
  };
  return { submit, failAll };
}

describe('submissions at once', () => {
  it('are bounded: one too many is told to come again, and a place that is free again is given', async () => {
    const { submit, failAll } = startIntake();
    const first = submit('2025-01-01');
    const second = submit('2025-01-02');
    await expect(submit('2025-01-03')).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
    const ended = expect(Promise.all([first, second])).rejects.toThrow('no pack');
    await failAll();
    await ended;
    await expect(second).rejects.toThrow('no pack');
    const next = expect(submit('2025-01-04')).rejects.toThrow('no pack');
    await failAll();
    await next;
  });
});

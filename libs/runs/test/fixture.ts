import { randomUUID } from 'node:crypto';
import { isoDate, LOCAL_PRINCIPAL, sha256Hex, type Provenance } from '@dawsos/contracts';
import type { NewRun, Outcome } from '../src/index';

/** A submission as the API makes it. */
export function newRun(changes: Partial<NewRun> = {}): NewRun {
  return {
    runId: randomUUID(),
    principal: LOCAL_PRINCIPAL,
    idempotencyKey: null,
    bodyHash: sha256Hex('{"pattern_id":"portfolio_overview"}'),
    patternId: 'portfolio_overview',
    patternVersion: '1.0.0',
    inputs: { lookback_days: 252 },
    portfolioId: 'growth',
    requiredPermissions: [],
    asofDate: isoDate('2025-10-22'),
    pricingPackId: 'PP_2025-10-22',
    packHash: sha256Hex('pack'),
    packStatus: 'fresh',
    ledgerCommitHash: '0123456789abcdef0123456789abcdef01234567',
    requestId: randomUUID(),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    steps: [
      { stepIndex: 0, stepId: 'positions', capability: 'ledger.positions' },
      { stepIndex: 1, stepId: 'valued', capability: 'pricing.apply_pack' },
    ],
    ...changes,
  };
}

export const PROVENANCE: Provenance = {
  pattern_id: 'portfolio_overview',
  pattern_version: '1.0.0',
  pricing_pack_id: 'PP_2025-10-22',
  pricing_pack_hash: sha256Hex('pack'),
  ledger_commit_hash: '0123456789abcdef0123456789abcdef01234567',
  asof_date: '2025-10-22',
  sources: ['ledger'],
  oldest_value_date: '2025-10-21',
  ledger_plugins_not_run: [],
  steps: [],
};

/** Keys that JavaScript would put in another order, to see that the stored bytes are the result. */
export const DATA_JSON = '{"10":"a","9":"b","total":"12.50"}';

export function succeeded(): Outcome {
  return {
    status: 'succeeded',
    data: { total: '12.50' },
    dataJson: DATA_JSON,
    dataHash: sha256Hex(DATA_JSON),
    provenance: PROVENANCE,
  };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemSchema, type JsonObject } from '@dawsos/contracts';
import { createKey } from '@dawsos/principals';
import { BODY, startHarness, type Harness } from './harness';

const REGISTRY = `version: 1
sources:
  ledger: { name: Own books, display: true, export: [pdf, csv, json, xlsx], redistribute: true }
  bank:
    name: The bank
    display: true
    export: [pdf, csv, json, xlsx]
    redistribute: false
    attribution: 'Source: the bank.'
    watermark: 'Data: the bank'
  vendor: { name: Vendor, display: true, export: [], redistribute: false, licence: A vendor agreement. }
  secret: { name: Secret, display: false, export: [], redistribute: false }
`;
export const PATTERN = {
  id: 'report',
  version: '1.0.0',
  name: 'Report',
  description: 'Two figures.',
  steps: [
    { id: 'prices', capability: 'ledger.positions', args: {}, as: 'prices' },
    { id: 'news', capability: 'ledger.positions', args: {}, as: 'news' },
  ],
  outputs: ['prices', 'news'],
  rights: { export: ['pdf', 'csv', 'json', 'xlsx'] },
};
/** As above, by an author who lets it leave as CSV alone. */
export const CSV_PATTERN = { ...PATTERN, id: 'csv_only', rights: { export: ['csv'] } };
const KEYS = {
  alice: { scopes: ['read', 'execute', 'export', 'admin'], portfolios: '*' },
  bob: { scopes: ['read', 'execute', 'export'], portfolios: '*' },
  reader: { scopes: ['read', 'execute'], portfolios: '*' },
} as const;
export type Who = keyof typeof KEYS;

export const DATA: JsonObject = {
  prices: { rows: [{ symbol: 'ACME', name: '=cmd|calc', change: '-1.25' }] },
  news: { headline: 'Not for everybody' },
};

interface AuditRow {
  readonly action: string;
  readonly outcome: string;
  readonly reason: string;
  readonly sources_used: string[];
  readonly sources_blocked: string[];
}

/** The API with sources of every kind of right, patterns of two figures, and keys. */
export interface ExportingApi {
  readonly harness: Harness;
  /** A finished run of alice, whose figure `news` rests on these sources and `prices` on the ledger and the bank. */
  finished(news: readonly string[], pattern?: { readonly id: string }, terms?: JsonObject): Promise<string>;
  /** A run of alice that has not begun. */
  accepted(): Promise<string>;
  /** `POST /v1/exports` */
  order(body: JsonObject, headers?: Readonly<Record<string, string>>, who?: Who): Promise<Response>;
  get(path: string, who?: Who): Promise<Response>;
  /** What the audit holds of a run, in order. */
  auditOf(runId: string): Promise<readonly AuditRow[]>;
}

export async function startExportingApi(): Promise<ExportingApi> {
  const secrets = new Map<Who, string>();
  const bearer = (who: Who) => ({ authorization: `Bearer ${secrets.get(who) ?? ''}` });
  const harness = await startHarness({
    prepare: async (folder) => {
      await writeFile(join(folder, 'registry.yaml'), REGISTRY);
      for (const pattern of [PATTERN, CSV_PATTERN])
        await writeFile(join(folder, 'patterns', `${pattern.id}.json`), JSON.stringify(pattern));
      const keysFile = join(folder, 'principals.json');
      for (const who of ['alice', 'bob', 'reader'] as const)
        secrets.set(who, createKey(keysFile, { ...KEYS[who], principal: who, createdAt: new Date() }).key);
      return { RIGHTS_REGISTRY: join(folder, 'registry.yaml'), API_KEYS_FILE: keysFile };
    },
  });
  const accept = (pattern: { readonly id: string }, terms: JsonObject = {}) =>
    harness.accept(bearer('alice'), { ...BODY, ...terms, pattern_id: pattern.id });
  return {
    harness,
    async finished(news, pattern = PATTERN, terms = {}) {
      const runId = await accept(pattern, terms);
      await harness.finish(runId, DATA, { prices: ['ledger', 'bank'], news });
      return runId;
    },
    accepted: () => accept(PATTERN),
    order: (body, headers = {}, who = 'alice') =>
      harness.request('/v1/exports', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(who), ...headers },
        body: JSON.stringify(body),
      }),
    get: (path, who = 'alice') => harness.request(path, { headers: bearer(who) }),
    async auditOf(runId) {
      const { rows } = await harness.database.database.pool.query<AuditRow>(
        `select action, outcome, reason, sources_used, sources_blocked from rights_decision
         where run_id = $1 order by decision_id`,
        [runId],
      );
      return rows;
    },
  };
}

export const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());
/** With the members that the problem has beyond those of all problems. */
export const problemOf = async (answer: Response) => ProblemSchema.loose().parse(await answer.json());

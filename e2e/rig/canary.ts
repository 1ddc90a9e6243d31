import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  findLeaks,
  startOtlpReceiver,
  startSentryReceiver,
  type TestDatabase,
  type TestRedis,
} from '@dawsos/testing';
import type { Api } from './api';
import type { Environment, ServiceProcess } from './service-process';

/** A made-up client. Nothing of it may be found anywhere but in the ledger and in the rows that own it. */
export const CANARY = {
  name: 'Quillon Zebrafeather',
  email: 'quillon.zebrafeather@mail.test',
  phone: '+41 44 668 18 77',
  account: 'Zebrafeather-0048812773',
  card: '4111 1111 1111 1111',
  iban: 'CH93 0076 2011 6238 5295 7',
  portfolio: 'zebrafeather-growth-77',
  amount: '284917.31',
  smallAmount: '1,284.77',
} as const;

/** Its entries in the ledger, in a portfolio of its own, so that no other's figures change. */
export const CANARY_LEDGER = `
2023-01-02 custom "portfolio" "${CANARY.portfolio}" Assets:${CANARY.account}
  name: "${CANARY.name}"
  base_currency: CAD
2023-01-02 open Assets:${CANARY.account} CAD
  owner: "${CANARY.name}"
  card: "${CANARY.card}"
2023-01-03 * "${CANARY.name}" "${CANARY.email} ${CANARY.phone} ${CANARY.iban}"
  Assets:${CANARY.account}  ${CANARY.amount} CAD
  Equity:Opening-Balances  -${CANARY.amount} CAD
`;

/** Watches all that leaves a stack. */
export interface CanaryWatch {
  /** For the services, so that their telemetry comes here. */
  readonly environment: Environment;
  /** Sends the client in every part of requests: some are refused, one run ends well, one fails over it. */
  plant(api: Api): Promise<void>;
  /** Reads what a live service shows: its metrics. */
  scrape(services: readonly ServiceProcess[]): Promise<void>;
  /** Searches every sink, once the services have stopped. @throws naming the sink and what was found in it */
  search(): Promise<void>;
  close(): Promise<void>;
}

export interface CanaryOptions {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly redis: TestRedis | undefined;
  /** Whether the test has the spans sent to a receiver of its own. */
  readonly sendsElsewhere: boolean;
}

/** What runs tell to clients while they go, and the spans that are kept with them. */
const TOLD = 'select data::text as text from run_event union all select spans::text from run_spans';

export async function startCanaryWatch({
  folder,
  database,
  redis,
  sendsElsewhere,
}: CanaryOptions): Promise<CanaryWatch> {
  // Loading the exporters costs each process a second, so only stacks on Redis, the engine of production, send.
  const telemetry =
    redis === undefined
      ? undefined
      : { otlp: await startOtlpReceiver(), sentry: await startSentryReceiver() };
  const sinks = new Map<string, string>();
  return {
    environment:
      telemetry === undefined
        ? {}
        : { OTEL_EXPORTER_OTLP_ENDPOINT: telemetry.otlp.url, SENTRY_DSN: telemetry.sentry.dsn },
    async plant(api) {
      const everyTime = {
        'user-agent': CANARY.email,
        baggage: `client=${encodeURIComponent(CANARY.name)}`,
        cookie: `client=${CANARY.phone}`,
      };
      const headers = { 'idempotency-key': `"${CANARY.account}"`, ...everyTime };
      const inputs = { ...CANARY };
      const answers = [
        await api.execute(
          { pattern_id: 'portfolio_overview', portfolio_id: CANARY.portfolio, inputs },
          headers,
        ),
        await api.execute({ pattern_id: CANARY.account, ledger_ref: CANARY.name }, headers),
        await api.request(`/v1/runs/${CANARY.portfolio}?email=${CANARY.email}`, { headers }),
      ];
      const status = answers.map((answer) => answer.status);
      await Promise.all(answers.map((answer) => answer.text()));
      if (status.some((each) => each < 400)) throw new Error(`the canary was taken: ${status.join(', ')}`);
      await runOver(api, everyTime);
    },
    async scrape(services) {
      for (const { app, operationsUrl, alive } of services) {
        if (!alive()) continue;
        const answer = await fetch(`${operationsUrl}/metrics`).catch(() => undefined);
        if (answer !== undefined) sinks.set(`metrics of ${app} at ${operationsUrl}`, await answer.text());
      }
    },
    async search() {
      if (telemetry !== undefined) {
        sinks.set('OTLP', telemetry.otlp.bytes().toString('latin1'));
        sinks.set('Sentry', telemetry.sentry.bytes().toString('latin1'));
      }
      if (redis !== undefined) sinks.set('Redis', (await redis.written()).toString('latin1'));
      for await (const file of glob('**/*.log', { cwd: folder }))
        sinks.set(file, await readFile(join(folder, file), 'latin1'));
      const { rows } = await database.database.pool.query<{ text: string }>(TOLD);
      sinks.set('run events and traces', rows.map(({ text }) => text).join('\n'));
      refuseBlindness([...sinks], telemetry === undefined || sendsElsewhere ? [] : ['OTLP']);
      const found = [...sinks].flatMap(([sink, text]) =>
        findLeaks(Buffer.from(text, 'latin1'), Object.values(CANARY)).map((leak) => `${sink}: ${leak}`),
      );
      if (found.length > 0)
        throw new Error(`the made-up client was found outside of its rows:\n${found.join('\n')}`);
    },
    async close() {
      await telemetry?.otlp.close();
      await telemetry?.sentry.close();
    },
  };
}

/** Runs over the client's own portfolio, to a result and to a failure. */
async function runOver(api: Api, headers: Readonly<Record<string, string>>): Promise<void> {
  const run = async (pattern_id: string, inputs: Readonly<Record<string, string>>) =>
    await api.finished(await api.accept({ pattern_id, portfolio_id: CANARY.portfolio, inputs }, headers));
  const { status, data } = await run('holdings', {});
  if (status !== 'succeeded' || !JSON.stringify(data).includes(CANARY.amount))
    throw new Error(`the canary's own run does not show its cash: ${status}`);
  const failed = await run('holding_deep_dive', { commodity: CANARY.name });
  if (failed.status !== 'failed') throw new Error(`a run that was to fail over the canary ${failed.status}`);
}

/** A watch that sees nothing finds nothing: logs, metrics and spans must have come. */
function refuseBlindness(sinks: readonly (readonly [string, string])[], more: readonly string[]): void {
  for (const wanted of ['.log', ...more])
    if (!sinks.some(([sink, text]) => sink.includes(wanted) && text !== ''))
      throw new Error(`the canary's watch saw nothing of ${wanted}`);
}

import { isoDate, PackBuildRequestSchema, type PatternJob, type RepairOrder } from '@dawsos/contracts';
import type { Database } from '@dawsos/database';
import { openLedgerRepository } from '@dawsos/ledger';
import { createPackBuilds, pinsOf, type FreshnessGate } from '@dawsos/pricing';
import type { JobQueue } from '@dawsos/queue';
import { createPackWait, type AwaitingAnswer, type AwaitingQuestion } from '@dawsos/runs';
import type { WorkerContext } from './variables';

const DOCS_URL = '/docs/errors';

/** Each worker looks after the runs that wait for a fresh pack; they share the work. */
export function waitForPacks(
  context: WorkerContext,
  database: Database,
  queue: JobQueue<PatternJob>,
  gate: Pick<FreshnessGate, 'ask'>,
): void {
  const { logger, pii, metrics } = context.observability;
  const { configuration } = context;
  const ledger = openLedgerRepository({
    dir: configuration.LEDGER_REPO,
    file: configuration.LEDGER_FILE,
    acceptedPlugins: configuration.LEDGER_PLUGINS_ACCEPTED,
  });
  const builds = createPackBuilds({ database, pins: pinsOf(configuration, ledger) });
  const wait = createPackWait({
    database,
    docsUrl: DOCS_URL,
    ask: (question) => answerOf(gate, question),
    requestBuilds: async (orders) => {
      for (const order of orders) await builds.request({ ...buildOf(order), requestedBy: 'gate' });
    },
    enqueue: (jobs) => queue.restore(jobs.map((job) => ({ ...job, id: job.data.run_id }))),
    ready: () => queue.check(),
    onGivenUp: ({ runId, patternId }, error) => {
      metrics.recordPatternExecution(patternId, 'failed');
      logger.info(
        'run failed',
        pii.fields({ run_id: runId, pattern_id: patternId, error: pii.error(error) }),
      );
    },
    onReleased: (runs) => logger.info('runs go on with a fresh pack', pii.fields({ runs })),
    onError: (error) =>
      logger.warn('looking after waiting runs failed', pii.fields({ error: pii.error(error) })),
  });
  context.shutdown.push('pack wait', () => wait.close());
}

/** What the gate says now to runs that wait. */
export async function answerOf(
  gate: Pick<FreshnessGate, 'ask'>,
  question: AwaitingQuestion,
): Promise<AwaitingAnswer> {
  const answer = await gate.ask(question);
  if (!answer.passes) return { ready: false, error: answer.error, repair: answer.repair };
  const { pack, status, asofDate, freshness, validUntil } = answer;
  if (pack.content_hash === null) throw new Error(`${pack.pack_id} passed the gate and is not built`);
  return {
    ready: true,
    packId: pack.pack_id,
    packHash: pack.content_hash,
    packStatus: status,
    asofDate,
    freshness,
    validUntil,
  };
}

/** The order's own request, as the API would take it. */
function buildOf(order: RepairOrder) {
  const { asof_date: asofDate, ...rest } = PackBuildRequestSchema.parse(order.build.body);
  return { ...rest, asofDate: asofDate === undefined ? undefined : isoDate(asofDate) };
}

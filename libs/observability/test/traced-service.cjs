// A service as a user would write one, in a process of its own: auto-instrumentation needs real module loading.
const { setupObservability, traceContext, addAgentAttributes } = require('@dawsos/observability');

const settings = JSON.parse(process.env.SETTINGS);
const observability = setupObservability({
  serviceName: 'dawsos-executor',
  serviceVersion: '1.2.3',
  ...settings,
});
const { logger, pii } = observability;
const express = require('express');
const { Redis } = require('ioredis');
const { Pool } = require('pg');

const redis = new Redis(process.env.REDIS_URL);
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
const app = express();
const router = express.Router();
app.use(express.json());

router.post('/execute', async (request, response) => {
  const attributes = {
    pattern_id: 'portfolio_overview',
    pricing_pack_id: 'PP_2025-10-22',
    ledger_commit_hash: '3f2c91a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6',
    request_id: 'req-1',
    run_id: '0190a5c4-0000-7000-8000-000000000001',
    user_id: pii.pseudonym('alice'),
  };
  await traceContext('execute_pattern', attributes, async () => {
    await traceContext('step_0', { step_index: 0, capability: 'ledger.positions' }, async () => {
      await traceContext(
        'agent_execute',
        { agent_name: 'analyst', capability: 'ledger.positions' },
        async () => {
          addAgentAttributes({ agent_name: 'analyst', capability: 'ledger.positions' });
          await redis.set('client:alice', request.body.secret);
          await redis.eval("return redis.call('get', KEYS[1])", 1, 'client:alice');
          await pool.query('select $1::text as "of"', [request.body.secret]);
          await pool.query(`select '${request.body.secret}' as literal`).catch(() => undefined);
          await pool.query('select $1::int', [request.body.secret]).catch((error) => {
            logger.warn('a query failed', pii.fields({ error: pii.error(error) }));
          });
        },
      );
    });
    observability.addBreadcrumb('ran', pii.fields({ inputs: request.body }));
    const failure = Object.assign(new Error(`portfolio_id ${request.body.secret} failed`), {
      code: 'agent_failed',
      cause: new Error(`cause ${request.body.secret}`),
      job: { data: request.body },
    });
    observability.captureException(failure, { tags: { part: 'test' } });
    observability.captureException(failure);
  });
  response.json({ ok: true });
});

/** Far more telemetry than its queues hold: what stays in memory of it, in bytes, after garbage collection. */
router.post('/burst', async (request, response) => {
  const { spans, errors } = request.body;
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  await traceContext('execute_pattern', { pattern_id: 'portfolio_overview' }, async () => {
    for (let made = 0; made < spans; made += 1)
      await traceContext('step_0', { step_index: 0 }, () => undefined);
    for (let made = 0; made < errors; made += 1) observability.captureException(new Error(`fault ${made}`));
  });
  await new Promise(setImmediate);
  globalThis.gc();
  response.json({ kept: process.memoryUsage().heapUsed - before });
});
app.use('/v1', router);

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
const polling = setInterval(() => redis.ping().catch(() => undefined), 50);
process.on('message', async () => {
  clearInterval(polling);
  server.close();
  server.closeAllConnections();
  redis.disconnect();
  await pool.end();
  const started = Date.now();
  await observability.shutdown(3000);
  process.send({ shutdownMs: Date.now() - started, rss: process.memoryUsage().rss });
  process.disconnect();
});

'use strict';
const observability = require('./observability'); // first: express and ioredis are instrumented as they load
const { currentTraceparent, httpMetrics, traceContext, withRemoteContext } = require('@dawsos/observability');
const { Queue, Worker } = require('bullmq');
const express = require('express');

const { logger, metrics, pii } = observability;
const connection = { url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379' };
const orders = new Queue('orders', { connection });

const app = express();
app.use(httpMetrics(observability), express.json());
app.post('/orders', async (request, response) => {
  const job = await orders.add('ship', { order: request.body, traceparent: currentTraceparent() });
  response.status(202).json({ job: job.id });
});

const ship = (order) => {
  logger.info('shipping', pii.fields({ order }));
  if (order.items === 0) throw new Error(`Nothing to ship to ${order.email}, refund ${order.iban}`);
};

const worker = new Worker(
  'orders',
  ({ data, timestamp }) => {
    metrics.recordQueueWait('orders', (Date.now() - timestamp) / 1_000);
    return withRemoteContext(data, () => traceContext('process orders', {}, () => ship(data.order)));
  },
  { connection },
);
worker.on('failed', (job, error) =>
  withRemoteContext(job?.data ?? {}, () => observability.captureException(error)),
);

const server = app.listen(Number(process.env.PORT ?? 3000), () => logger.info('listening'));
process.once('SIGTERM', async () => {
  server.close();
  await worker.close();
  await orders.close();
  await observability.shutdown();
  process.exit(0);
});

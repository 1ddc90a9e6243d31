// The packages as they come out of the box: what a team gets that configures nothing.
module.exports = ({ otlp, dsn }) => {
  const { NodeSDK } = require('@opentelemetry/sdk-node');
  const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-proto');
  const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
  const { IORedisInstrumentation } = require('@opentelemetry/instrumentation-ioredis');
  const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
  const sdk = new NodeSDK({
    serviceName: 'defaults',
    traceExporter: new OTLPTraceExporter({ url: `${otlp}/v1/traces` }),
    instrumentations: [new HttpInstrumentation(), new IORedisInstrumentation(), new PgInstrumentation()],
  });
  sdk.start();
  const Sentry = require('@sentry/node');
  // without the tracing of its own, which would be a second one
  Sentry.init({
    dsn,
    enableOpenTelemetrySetup: false,
    skipOpenTelemetrySetup: true,
  });
  return {
    inRequest: (_request, work) => work(),
    report: (error) => Sentry.captureException(error),
    async runJobs({ redisUrl, tokens }) {
      const { Queue, QueueEvents, Worker } = require('bullmq');
      const { BullMQOtel } = require('bullmq-otel');
      const connection = { url: redisUrl };
      const telemetry = new BullMQOtel('defaults');
      const queue = new Queue('defaults', { connection, telemetry });
      const events = new QueueEvents('defaults', { connection });
      const work = async (job) => {
        if (job.name === 'failing') throw new Error(tokens.jobFailure);
        return { result: tokens.jobResult };
      };
      const worker = new Worker('defaults', work, { connection, telemetry });
      await events.waitUntilReady();
      const jobs = await queue.addBulk([
        { name: 'passing', data: { data: tokens.jobData } },
        { name: 'failing', data: {} },
      ]);
      await Promise.allSettled(jobs.map((job) => job.waitUntilFinished(events)));
      await Promise.all([worker.close(), queue.close(), events.close()]);
    },
    async stop() {
      await Sentry.close(3000);
      await sdk.shutdown();
    },
  };
};

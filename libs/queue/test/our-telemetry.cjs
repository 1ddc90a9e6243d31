// The same through our libs, with each secret put into every place that a sink can be reached by.
module.exports = ({ otlp, dsn }) => {
  const { setupObservability, traceContext, addContextAttributes } = require('@dawsos/observability');
  const runSpans = [];
  const observability = setupObservability({
    serviceName: 'ours',
    otlpEndpoint: otlp,
    sentry: { dsn },
    logLevel: 'debug',
    onRunSpan: (span) => runSpans.push(span),
  });
  const { logger, pii, captureException, addBreadcrumb } = observability;
  const ids = { pattern_id: 'overview', request_id: 'req-1', run_id: '0190a5c4-0000-7000-8000-000000000001' };

  const places = ({ key, value, sentence }) => ({
    [key]: value,
    nested: { list: [{ [key.toUpperCase()]: value }] },
    json: JSON.stringify({ [key]: value }),
    url: `https://h.test/x?${key}=${encodeURIComponent(value)}`,
    twice: encodeURIComponent(encodeURIComponent(sentence)),
    base64: Buffer.from(sentence).toString('base64'),
    sentence,
    headers: { [`x-${key}`]: value },
    body: { note: value },
    stack: { frames: [{ function: 'run', vars: { [key]: value, other: sentence } }] },
  });

  const plant = (secret) => {
    const all = places(secret);
    logger.info('planted', pii.fields(all));
    logger.child(pii.fields({ [secret.key]: secret.value })).warn('planted in a child');
    addBreadcrumb('planted', pii.fields(all));
    const error = Object.assign(new Error(secret.sentence, { cause: new Error(secret.sentence) }), all);
    captureException(error, { context: pii.fields(all), tags: { planted: pii.text(secret.sentence) } });
    return traceContext(pii.text(`planted ${secret.sentence}`), pii.attributes(all), (span) => {
      // past the types, as an instrumentation of somebody else's would
      span.setAttributes({
        ...all,
        nested: all.json,
        headers: secret.value,
        body: secret.value,
        stack: secret.sentence,
      });
      span.addEvent('planted', { [secret.key]: secret.value, sentence: secret.sentence });
      span.recordException(error);
      span.setStatus({ code: 2, message: secret.sentence });
    });
  };

  return {
    inRequest: (request, work) =>
      traceContext('execute_pattern', { ...ids, user_id: pii.pseudonym('alice') }, async () => {
        logger.info(
          'request',
          pii.fields({ headers: request.headers, url: request.url, body: request.body }),
        );
        for (const secret of request.body.secrets) await plant(secret);
        await work();
      }),
    report(error, request) {
      captureException(error, {
        context: pii.fields({ request: { headers: request.headers, url: request.url } }),
      });
      logger.error('failed', pii.fields({ error: pii.error(error) }));
    },
    async runJobs({ redisUrl, fail }) {
      const { createJobQueue, createJobWorker, createQueueBackend } = require('@dawsos/queue');
      const { z } = require('zod');
      const backend = createQueueBackend({ engine: 'redis', url: redisUrl, prefix: 'ours' });
      const queue = createJobQueue({ backend, name: 'ours', logger, pii });
      const handled = Promise.withResolvers();
      const worker = createJobWorker({
        backend,
        name: 'ours',
        schema: z.object({ run_id: z.string() }),
        concurrency: 1,
        lockSeconds: 5,
        logger,
        pii,
        metrics: observability.metrics,
        async process(data) {
          addContextAttributes({ run_id: data.run_id });
          setImmediate(handled.resolve);
          const error = fail();
          captureException(error);
          throw error;
        },
      });
      await queue.enqueue([{ id: ids.run_id, data: { run_id: ids.run_id }, traceparent: null }]);
      await handled.promise;
      await worker.close(2000);
      await queue.close();
      await backend.close();
    },
    /** Many failing jobs at once on one worker, each with a scope of its own. */
    async runMany({ redisUrl, runIds }) {
      const { createJobQueue, createJobWorker, createQueueBackend } = require('@dawsos/queue');
      const { z } = require('zod');
      const backend = createQueueBackend({ engine: 'redis', url: redisUrl, prefix: 'many' });
      const queue = createJobQueue({ backend, name: 'many', logger, pii });
      const all = Promise.withResolvers();
      let ended = 0;
      const runOne = async (runId) => {
        addBreadcrumb('began', pii.fields({ run_id: runId }));
        const turns = 1 + (parseInt(runId.slice(-2), 16) % 9);
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
        logger.info('in the job', pii.fields({ event: runId }));
        const error = Object.assign(new Error('failed'), {
          code: turns % 2 === 0 ? 'agent_failed' : 'price_missing',
        });
        captureException(error, { context: pii.fields({ run_id: runId, attempts: turns }) });
        addBreadcrumb('failed', pii.fields({ run_id: runId }));
        captureException(error);
        throw error;
      };
      const worker = createJobWorker({
        backend,
        name: 'many',
        schema: z.object({ run_id: z.string() }),
        concurrency: 20,
        lockSeconds: 10,
        logger,
        pii,
        metrics: observability.metrics,
        process: ({ run_id }) =>
          traceContext('execute', { run_id, user_id: pii.pseudonym(`user of ${run_id}`) }, () =>
            runOne(run_id),
          ).finally(() => {
            ended += 1;
            if (ended === runIds.length) setImmediate(all.resolve);
          }),
      });
      const job = (run_id) => ({ id: run_id, data: { run_id }, traceparent: null });
      await queue.enqueue(runIds.map(job));
      await all.promise;
      await worker.close(2000);
      await queue.close();
      await backend.close();
    },
    async stop() {
      process.stdout.write(
        `trace store: ${JSON.stringify(runSpans, (_, value) => (typeof value === 'bigint' ? String(value) : value))}\n`,
      );
      await observability.shutdown(5000);
    },
  };
};

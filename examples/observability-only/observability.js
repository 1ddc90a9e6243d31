'use strict';
const { serveOperations, setupObservability } = require('@dawsos/observability');

const { OTLP_ENDPOINT, SENTRY_DSN, METRICS_PORT = 9464 } = process.env;
const observability = setupObservability({
  serviceName: 'orders',
  otlpEndpoint: OTLP_ENDPOINT,
  sentry: SENTRY_DSN === undefined ? undefined : { dsn: SENTRY_DSN },
});
serveOperations({ metrics: observability.metrics, port: Number(METRICS_PORT) });

module.exports = observability;

// A service that does everything that may leak, with our telemetry or with the packages' own defaults.
const { mode, otlp, dsn, redisUrl, databaseUrl, echoUrl, tokens, secrets } = JSON.parse(process.env.SETTINGS);
const telemetry = require(mode === 'ours' ? './our-telemetry.cjs' : './default-telemetry.cjs')({ otlp, dsn });
const express = require('express');
const http = require('node:http');
const { Redis } = require('ioredis');
const { Pool } = require('pg');

const redis = new Redis(redisUrl);
const pool = new Pool({ connectionString: databaseUrl, max: 1 });

const get = (path, headers) =>
  new Promise((resolve, reject) => {
    http
      .get(new URL(path, echoUrl), { headers }, (response) => response.resume().on('end', resolve))
      .on('error', reject);
  });

async function leak(body) {
  await get(`/quotes/${tokens.httpPath}?q=${tokens.httpQuery}`, { 'user-agent': tokens.httpAgent });
  await redis.eval('return ARGV[1]', 0, tokens.redisArgument);
  await pool.query(`select '${tokens.pgLiteral}' as literal`);
  await pool.query(`select '${tokens.pgStatus}'::int`).catch(() => undefined);
  console.log(tokens.sentryConsole);
  throw failure(body);
}

function failure(body) {
  const causes = secrets.map(({ sentence }) => new Error(sentence));
  const error = new Error(`of ${tokens.sentryMessage}, called "${tokens.sentryQuoted}"`, {
    cause: new Error(`for ${tokens.sentryCause}`),
  });
  return Object.assign(error, { code: 'agent_failed', body, causes });
}

const app = express();
app.use(express.json({ limit: '1mb' }));
app.post('/v1/execute', async (request, response) => {
  await telemetry
    .inRequest(request, () => leak(request.body))
    .catch((error) => telemetry.report(error, request));
  await telemetry.runJobs({ redisUrl, tokens, secrets, fail: () => failure(request.body) });
  response.json({ ok: true });
});
app.post('/v1/many', async (request, response) => {
  await telemetry.runMany({ redisUrl, runIds: request.body.runIds });
  response.json({ ok: true });
});
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', async () => {
  server.close();
  server.closeAllConnections();
  redis.disconnect();
  await pool.end();
  await telemetry.stop();
  process.send({ stopped: 1 });
  process.disconnect();
});

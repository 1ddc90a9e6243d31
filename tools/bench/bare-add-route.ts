import { Queue } from 'bullmq';
import express from 'express';

/**
 * The peer of the submissions: one route that does one `add` with what came; no database, validation or trace.
 * A process of its own, with REDIS_URL and PORT.
 */
const redis = new URL(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379');
const queue = new Queue('bare', { connection: { host: redis.hostname, port: Number(redis.port) } });
await queue.waitUntilReady();

const app = express();
app.get('/ready', (_request, response) => {
  response.json({});
});
app.post('/jobs', express.json(), async (request, response) => {
  const job = await queue.add('job', request.body);
  response.status(202).json({ id: job.id });
});
app.listen(Number(process.env['PORT']), '127.0.0.1');

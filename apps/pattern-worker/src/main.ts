import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runService } from '@dawsos/service';
import { WORKER_VARIABLES } from './variables';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
  version: string;
};

void runService({
  serviceName: 'dawsos-pattern-worker',
  serviceVersion: version,
  environment: process.env,
  variables: WORKER_VARIABLES,
  async start(context) {
    // Loaded once telemetry is up, so that pg and ioredis are instrumented.
    const { startWorker } = await import('./start-worker.js');
    await startWorker(context);
  },
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runService } from '@dawsos/service';
import { EXECUTOR_VARIABLES } from './variables';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
  version: string;
};

void runService({
  serviceName: 'dawsos-executor',
  serviceVersion: version,
  environment: process.env,
  variables: EXECUTOR_VARIABLES,
  async start(context) {
    // Loaded once telemetry is up, so that express, http, pg and ioredis are instrumented.
    const { startExecutor } = await import('./executor.js');
    await startExecutor(context);
  },
});

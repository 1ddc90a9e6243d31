import { runService } from '@dawsos/service';
import { EXECUTOR_VARIABLES } from './variables';
import { apiVersion } from './version';

void runService({
  serviceName: 'dawsos-executor',
  serviceVersion: apiVersion(),
  environment: process.env,
  variables: EXECUTOR_VARIABLES,
  async start(context) {
    // Loaded once telemetry is up, so that express, http, pg and ioredis are instrumented.
    const { startExecutor } = await import('./executor.js');
    await startExecutor(context);
  },
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runService } from '@dawsos/service';
import { PACK_BUILDER_VARIABLES } from './variables';

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
  version: string;
};

void runService({
  serviceName: 'dawsos-pack-builder',
  serviceVersion: version,
  environment: process.env,
  variables: PACK_BUILDER_VARIABLES,
  async start(context) {
    // Loaded once telemetry is up, so that pg and ioredis are instrumented.
    const { startPackBuilder } = await import('./start-pack-builder.js');
    await startPackBuilder(context);
  },
});

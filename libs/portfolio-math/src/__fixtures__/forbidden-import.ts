import { LOG_LEVELS } from '@dawsos/observability';

/** A layer that this one may not use: `lint` must reject this file (tools/test/boundary-fixture.ts). */
export const forbidden = LOG_LEVELS;

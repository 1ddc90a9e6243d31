import type { Route } from '../http/route';
import { cancelRun } from './cancel-run';
import { createExport } from './create-export';
import { docs, docsAsset, docsErrors, openApi } from './documentation';
import { execute } from './execute';
import { explainRun } from './explain-run';
import { getPack } from './get-pack';
import { getPackBuild } from './get-pack-build';
import { getPattern } from './get-pattern';
import { getRun } from './get-run';
import { healthLive, healthReady, livez, packHealth, readyz } from './health';
import { listPacks } from './list-packs';
import { listPortfolios } from './list-portfolios';
import { listPatterns } from './list-patterns';
import { listRuns } from './list-runs';
import { rightsUsageRoute } from './rights-usage';
import { packGaps } from './pack-gaps';
import { packBuildEvents } from './pack-build-events';
import { requestPackBuild } from './request-pack-build';
import { runEvents } from './run-events';
import { runRights } from './run-rights';
import { runTrace } from './run-trace';

/** Every route of the API; the server, the OpenAPI document and the scope test are made from it. */
export const ROUTES: readonly Route[] = [
  execute,
  listRuns,
  getRun,
  runEvents,
  runTrace,
  runRights,
  explainRun,
  cancelRun,
  createExport,
  rightsUsageRoute,
  listPatterns,
  getPattern,
  listPortfolios,
  listPacks,
  getPack,
  packGaps,
  requestPackBuild,
  getPackBuild,
  packBuildEvents,
  packHealth,
  livez,
  healthLive,
  readyz,
  healthReady,
  openApi,
  docs,
  docsErrors,
  docsAsset,
];

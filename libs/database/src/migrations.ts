import type { Migration } from 'kysely/migration';
import * as runs from './migrations/0001_runs';
import * as packs from './migrations/0002_packs';
import * as explanations from './migrations/0003_explanations';
import * as packBuilds from './migrations/0004_pack_builds';
import * as awaitingRuns from './migrations/0005_awaiting_runs';
import * as rightsDecisions from './migrations/0006_rights_decisions';
import * as buildPins from './migrations/0007_build_pins';
import * as runReaders from './migrations/0008_run_readers';
import * as nothingOfClients from './migrations/0009_nothing_of_clients';
import * as fairQueue from './migrations/0010_fair_queue';
import * as leases from './migrations/0011_leases';

/** Every migration, by its name, in order. A name that was released is never changed or removed. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_runs': runs,
  '0002_packs': packs,
  '0003_explanations': explanations,
  '0004_pack_builds': packBuilds,
  '0005_awaiting_runs': awaitingRuns,
  '0006_rights_decisions': rightsDecisions,
  '0007_build_pins': buildPins,
  '0008_run_readers': runReaders,
  '0009_nothing_of_clients': nothingOfClients,
  '0010_fair_queue': fairQueue,
  '0011_leases': leases,
};

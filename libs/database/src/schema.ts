import type { LeaseTables } from './schema/leases';
import type { PackBuildTables } from './schema/pack-builds';
import type { PackTables } from './schema/packs';
import type { RightsTables } from './schema/rights';
import type { RunTables } from './schema/runs';

/** The tables, as queries see them. */
export interface Schema extends RunTables, PackTables, PackBuildTables, RightsTables, LeaseTables {}

import type { LotPools, WashSales } from '@dawsos/portfolio-math';
import type { CapabilityContext } from '../../capability';
import type { RolesOf } from '../roles';
import type { InBase } from './base-rates';
import type { Inventory } from './legs';
import type { SplitsPassed } from './splits-passed';

/** What a replay changes and asks, entry by entry. */
export interface BookState {
  readonly context: CapabilityContext;
  readonly pools: LotPools;
  readonly wash: WashSales;
  readonly splits: SplitsPassed;
  readonly inventory: Inventory;
  readonly inBase: InBase;
  readonly roles: RolesOf;
  readonly isOwn: (account: string) => boolean;
  /** Substantially identical commodities share one. */
  readonly identityOf: (commodity: string) => string;
  /** Numbers acquisitions in their order. */
  readonly nextOrder: () => number;
}

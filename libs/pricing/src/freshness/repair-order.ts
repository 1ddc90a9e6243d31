import { isoDate, type IsoDate, type PackSummary, type RepairOrder } from '@dawsos/contracts';
import { DEFAULT_POLICY, packId, parsePackId } from '../pack/pack-id';
import type { NeededQuote } from './worth';

export interface RepairNeed {
  readonly policy: string;
  /** The day of the pack that would be fresh. */
  readonly day: IsoDate;
  /** The pack of that day, where there is one: sealed, only a restatement can bring other prices. */
  readonly there: Pick<PackSummary, 'pack_id' | 'asof_date' | 'policy' | 'content_hash'> | undefined;
  readonly needed: readonly NeededQuote[];
}

/** The build that mends what the gate refused: as a body of `POST /v1/packs`, and as a command. */
export function repairOrder({ policy, day, there, needed }: RepairNeed): RepairOrder {
  const sealed = there?.content_hash != null && isoDate(there.asof_date) === day && there.policy === policy;
  const restatement = sealed ? parsePackId(there.pack_id).restatement + 1 : 0;
  const reason = 'prices that were missing or too old';
  const wanted = needed.map(({ name, date }) => ({ commodity: name.split(' ', 1)[0] ?? name, date }));
  return {
    pack_id: packId({ asofDate: day, policy, restatement }),
    needed: needed.map((quote) => ({ ...quote })),
    build: {
      method: 'POST',
      path: '/v1/packs',
      body: {
        asof_date: day,
        ...(policy === DEFAULT_POLICY ? {} : { policy }),
        ...(sealed ? { restate: { reason } } : {}),
        ...(wanted.length === 0 ? {} : { wanted }),
      },
    },
    command: `dawsos packs build --asof ${day}${sealed ? ` --restate "${reason}"` : ''}`,
  };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { PackBuild } from '@dawsos/contracts';
import type { PackBuilds } from '@dawsos/pricing';
import { z } from 'zod';

const PackHealthSchema = z.looseObject({
  pack_id: z.string().nullish(),
  status: z.string(),
  reason: z.string().nullish(),
  asof_date: z.string().nullish(),
  age_business_days: z.number().nullish(),
  max_age_business_days: z.number().nullish(),
  coverage: z.looseObject({ missing: z.number() }).nullish(),
});
export type PackState = z.infer<typeof PackHealthSchema>;

/** What a start says of its pack: it serves whatever that is. */
export interface FirstPack {
  readonly state: PackState;
  /** The failure of the build that this start asked for. */
  readonly failure: string | undefined;
  readonly isBuilding: boolean;
  /** It was sealed before this start, so that it may lack what the sources have got since. */
  readonly wasThere: boolean;
}

const BUILT_WITHIN_MS = 20_000;
const LOOK_MS = 60;

/** Waits for the first build to end, not longer than a person would, and says how the pack then stands. */
export async function awaitFirstBuild(
  apiUrl: string,
  builds: Pick<PackBuilds, 'newest'>,
  since: Date,
  signal: AbortSignal,
): Promise<FirstPack> {
  const deadline = Date.now() + BUILT_WITHIN_MS;
  let build: PackBuild | undefined;
  do {
    signal.throwIfAborted();
    build = await builds.newest(since);
    if (build?.state === 'succeeded' || build?.state === 'failed') break;
    await delay(LOOK_MS);
  } while (Date.now() < deadline);
  const state = await packState(apiUrl);
  const failure = build?.state === 'failed' ? failureOf(build) : undefined;
  const isBuilt = build?.state === 'succeeded';
  return {
    state,
    failure,
    isBuilding: failure === undefined && !isBuilt,
    wasThere: isBuilt && build?.created !== true,
  };
}

export async function packState(apiUrl: string): Promise<PackState> {
  try {
    const answer = await fetch(`${apiUrl}/health/pack`, { signal: AbortSignal.timeout(5_000) });
    return PackHealthSchema.parse(await answer.json());
  } catch {
    return { status: 'unknown' };
  }
}

export function failureOf({ error_code: code, error_detail: detail }: PackBuild): string {
  const message = z.looseObject({ message: z.string() }).safeParse(detail);
  return message.success ? message.data.message : (code ?? 'the build failed');
}

/** In a line: what the progress shows. */
export function describePack({ state, failure, isBuilding }: FirstPack): string {
  if (state.status === 'unknown') return 'not asked for: no API runs here';
  const name = state.pack_id ?? 'none';
  if (failure !== undefined) return `${name}: the build failed`;
  if (isBuilding) return 'is being built; serving meanwhile';
  return `${name} ${state.status}`;
}

/** What a person must know where the pack is not fresh, with what to do; nothing where it is. */
export function packWarnings(pack: FirstPack, pricesDir: string): readonly string[] {
  const { state, failure, isBuilding } = pack;
  if (failure !== undefined) {
    return [
      `  ! the pricing pack could not be built: ${failure}`,
      `    mend that and it is built again by itself; what is missing: dawsos packs gaps. Price files: ${pricesDir}`,
    ];
  }
  if (isBuilding) return ['  ! the pricing pack is still being built; watch it with: dawsos packs list'];
  const missing = state.coverage?.missing ?? 0;
  const gaps =
    missing === 0
      ? []
      : [
          `  ! ${missing === 1 ? 'a price or rate is' : `${String(missing)} prices or rates are`} missing; see: dawsos packs gaps`,
        ];
  if (state.status === 'fresh') return gaps;
  const { asof_date: day, age_business_days: age, max_age_business_days: limit } = state;
  const old =
    day != null && age != null && limit != null
      ? `its newest day, ${day}, is ${String(age)} sessions before today, and ${String(limit)} are allowed`
      : (state.reason ?? `it is ${state.status}`);
  return [
    `  ! the pricing pack is ${state.status}: ${old}`,
    `    add newer prices (${pricesDir}, or price directives in the ledger) and it is built again by itself,`,
    '    or ask with --allow-stale: answers then say how old their prices are',
    ...gaps,
  ];
}

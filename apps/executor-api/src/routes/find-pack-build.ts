import { DawsosError, type PackBuild } from '@dawsos/contracts';
import { z } from 'zod';
import type { Services } from '../services';

export const PackBuildParams = z.object({ build_id: z.string() });

/** @throws DawsosError `pack_build_not_found`, for what is no id as well */
export async function findPackBuild({ packBuilds }: Services, buildId: string): Promise<PackBuild> {
  const id = z.uuid().safeParse(buildId);
  const build = id.success ? await packBuilds.find(id.data) : undefined;
  if (build === undefined) throw new DawsosError('pack_build_not_found', 'There is no such pack build.');
  return build;
}

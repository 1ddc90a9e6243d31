import { PackBuildSchema } from '@dawsos/contracts';
import { defineRoute } from '../http/route';
import { findPackBuild, PackBuildParams } from './find-pack-build';

export const getPackBuild = defineRoute({
  method: 'get',
  path: '/v1/pack-builds/{build_id}',
  scope: 'read',
  params: PackBuildParams,
  description: {
    operationId: 'getPackBuild',
    tag: 'packs',
    summary: 'One build of a pricing pack: how far it is, or how it ended',
    responses: { 200: { description: 'The build.', schema: PackBuildSchema } },
    problems: [404],
  },
  async handle({ response, params }, services) {
    response.json(await findPackBuild(services, params.build_id));
  },
});

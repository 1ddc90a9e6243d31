'use strict';
// The rooms of the house and who may enter which, as `depcruise` checks them. A room is a folder with a concept.

/** Rooms of libs/pricing from the lowest up: each may use those before it in its list, and itself. */
const PRICING_ROOMS = {
  calendar: [],
  pack: [],
  sources: ['pack'],
  store: ['pack'],
  valuation: ['calendar', 'pack'],
  freshness: ['calendar', 'pack', 'store', 'valuation'],
  builds: ['calendar', 'pack', 'sources', 'store'],
};

const within = (names) => names.map((name) => `^libs/pricing/src/${name}/`);

const pricingRooms = Object.entries(PRICING_ROOMS).map(([room, uses]) => ({
  name: `pricing-${room}`,
  comment: `libs/pricing/src/${room} may use ${[...uses, 'itself'].join(', ')}`,
  severity: 'error',
  from: { path: `^libs/pricing/src/${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^libs/pricing/src/', pathNot: within([room, ...uses]) },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'files that import each other, types included, cannot be understood or tested one by one',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'public-face',
      comment: 'another lib or an app imports a lib by its name, never by a path into it',
      severity: 'error',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: {
        path: '^(libs|apps)/[^/]+/src/',
        pathNot: ['^$1/$2/', '^libs/[^/]+/src/index\\.ts$', '^libs/exports/src/model/index\\.ts$'],
      },
    },
    ...pricingRooms,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '^node_modules', '/__fixtures__/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { conditionNames: ['@dawsos/source', 'import', 'require', 'node', 'default'] },
  },
};

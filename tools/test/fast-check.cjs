'use strict';
// What tests get as `fast-check`: itself, with one seed in `./dawsos test`, so that a change fails for what it changed,
// and in the long form (`npm run test:long`) with a new one and more runs each time. PROPERTY_SEED replays a failure.
const fc = require('../../node_modules/fast-check');

const { PROPERTY_SEED, PROPERTY_FACTOR } = process.env;
const isLong = PROPERTY_FACTOR !== undefined;
const seed = PROPERTY_SEED ?? (isLong ? undefined : '20261127');

fc.configureGlobal({
  numRuns: 100 * Number(PROPERTY_FACTOR ?? 1),
  ...(seed === undefined ? {} : { seed: Number(seed) }),
});

module.exports = fc;

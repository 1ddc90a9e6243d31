'use strict';
// Jest loads it where PROPERTY_FACTOR is set: property tests then run as many times their usual number.
const fc = require('fast-check');

fc.configureGlobal({ numRuns: 100 * Number(process.env.PROPERTY_FACTOR) });

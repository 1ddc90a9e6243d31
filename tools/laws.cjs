#!/usr/bin/env node
'use strict';
// The laws of figures in their long form: 20,000 random ledgers each. npm run laws [-- SEED [RUNS]] replays a seed.
const { spawnSync } = require('node:child_process');
const { randomInt } = require('node:crypto');
const { join } = require('node:path');

const [seed = String(randomInt(2 ** 31 - 1)), runs = '20000'] = process.argv.slice(2);
console.log(`npm run laws -- ${seed} ${runs}`);
const { status } = spawnSync(
  process.execPath,
  [join(__dirname, '..', 'node_modules/jest/bin/jest.js'), 'libs/agents/test/laws'],
  {
    cwd: join(__dirname, '..'),
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules',
      LAWS_RUNS: runs,
      LAWS_SEED: seed,
    },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;

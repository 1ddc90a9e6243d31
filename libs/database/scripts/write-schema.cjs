#!/usr/bin/env node
'use strict';
// Writes schema.sql from the migrations, on a server of its own. Needs a build.
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { dumpSchema, migrateToLatest, openDatabase, startEmbeddedPostgres } = require('@dawsos/database');

async function main() {
  const dataDir = mkdtempSync(join(tmpdir(), 'dawsos-schema-'));
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const database = openDatabase({ url: server.url, maxConnections: 1, applicationName: 'write-schema' });
  try {
    await migrateToLatest(database);
    writeFileSync(join(__dirname, '..', 'schema.sql'), await dumpSchema(database));
  } finally {
    await database.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});

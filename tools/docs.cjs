#!/usr/bin/env node
'use strict';
// Writes the reference pages that are generated from tables in code. Needs a build: npm run docs.
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { configurationReference } = require('@dawsos/configuration');
const { errorCodeReference } = require('@dawsos/contracts');
const { openApiText } = require('@dawsos/executor-api/dist/openapi/document');
const { ROUTES } = require('@dawsos/executor-api/dist/routes/table');
const { apiVersion } = require('@dawsos/executor-api/dist/version');
const { metricReference, traceReference } = require('@dawsos/observability');
const { patternJsonSchema } = require('@dawsos/patterns');
const { registryJsonSchema } = require('@dawsos/rights');

const docs = join(__dirname, '..', 'docs');
writeFileSync(join(docs, 'configuration.md'), configurationReference());
writeFileSync(join(docs, 'error-codes.md'), errorCodeReference());
writeFileSync(join(docs, 'metrics.md'), metricReference());
writeFileSync(join(docs, 'traces.md'), traceReference());
writeFileSync(join(__dirname, '..', 'patterns', 'pattern.schema.json'), patternJsonSchema());
writeFileSync(join(__dirname, '..', 'rights', 'registry.schema.json'), registryJsonSchema());
writeFileSync(
  join(__dirname, '..', 'apps', 'executor-api', 'openapi.json'),
  openApiText(ROUTES, apiVersion()),
);

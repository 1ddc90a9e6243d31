import { DawsosError, ERROR_CODES, sha256Hex } from '@dawsos/contracts';
import { z } from 'zod';
import { defineRoute } from '../http/route';
import { matchesETag, strongETag } from '../http/etag';
import { html } from '../openapi/html';
import { uiAsset, UI_PAGE } from '../openapi/swagger-ui';

const HTML = 'text/html; charset=utf-8';

export const openApi = defineRoute({
  method: 'get',
  path: '/openapi.json',
  scope: 'public',
  description: {
    operationId: 'openApi',
    tag: 'documentation',
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
  },
  handle({ request, response }, { openApiText }) {
    const etag = strongETag(sha256Hex(openApiText));
    response.setHeader('ETag', etag);
    response.setHeader('Cache-Control', 'no-cache');
    if (matchesETag(request.get('if-none-match'), etag)) response.status(304).end();
    else response.type('application/json').send(openApiText);
  },
});

export const docs = defineRoute({
  method: 'get',
  path: '/docs',
  scope: 'public',
  description: {
    operationId: 'docs',
    tag: 'documentation',
    summary: 'This document as a page on which requests can be tried',
    responses: { 200: { description: 'A page.', schema: z.string(), mediaType: 'text/html' } },
  },
  handle: ({ response }) => void response.type(HTML).send(UI_PAGE),
});

export const docsAsset = defineRoute({
  method: 'get',
  path: '/docs/assets/{file}',
  scope: 'public',
  params: z.object({ file: z.string() }),
  description: {
    operationId: 'docsAsset',
    tag: 'documentation',
    summary: 'A file of that page',
    responses: { 200: { description: 'The file.', schema: z.string(), mediaType: '*/*' } },
    problems: [404],
  },
  async handle({ response, params }) {
    const asset = await uiAsset(params.file);
    if (asset === undefined) throw new DawsosError('not_found', 'There is no such file.');
    response.setHeader('Cache-Control', 'public, max-age=3600');
    response.type(asset.type).send(asset.content);
  },
});

export const docsErrors = defineRoute({
  method: 'get',
  path: '/docs/errors',
  scope: 'public',
  description: {
    operationId: 'docsErrors',
    tag: 'documentation',
    summary: 'The error codes: where the `type` of a problem leads',
    responses: { 200: { description: 'A page.', schema: z.string(), mediaType: 'text/html' } },
  },
  handle: ({ response }) => void response.type(HTML).send(ERRORS_PAGE),
});

const ERRORS_PAGE = html('Error codes of dawsos', [
  '<h1>Error codes</h1><table><tr><th>code</th><th>status</th><th>retry</th><th>meaning</th><th>what to do</th></tr>',
  ...Object.entries(ERROR_CODES).map(
    ([code, entry]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${String(entry.status)}</td>` +
      `<td>${entry.retryable ? 'yes' : 'no'}</td><td>${escapeHtml(entry.title)}</td><td>${escapeHtml(entry.remedy)}</td></tr>`,
  ),
  '</table>',
]);

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

import { ExportFormatSchema } from '@dawsos/rights';
import { z } from 'zod';
import { requireActive } from '../http/authentication';
import { reprDigest, strongETag } from '../http/etag';
import { parseIdempotencyKey } from '../http/idempotency-key';
import { defineRoute } from '../http/route';

const ExportRequestSchema = z.strictObject({
  run_id: z.string().describe('A run of yours that has succeeded.'),
  format: ExportFormatSchema,
  on_blocked: z
    .enum(['refuse', 'omit'])
    .default('refuse')
    .describe('When a source forbids the export of a figure: refuse it all, or leave the figure out.'),
});

const FileSchema = z.string().describe('The file, in the media type of its format.');

export const createExport = defineRoute({
  method: 'post',
  path: '/v1/exports',
  scope: 'export',
  body: ExportRequestSchema,
  description: {
    operationId: 'createExport',
    tag: 'exports',
    summary: 'Export the result of a run as a file',
    description:
      'The answer is the file: PDF, CSV, JSON or XLSX, with the attributions of its sources at the foot and their ' +
      'watermarks. Equal results give equal bytes. A figure that rests, by any step, on a source that forbids the ' +
      'export is blocked: 403 `export_blocked` names the figures, the sources and the remedy; with ' +
      '`"on_blocked": "omit"` the rest is exported, with a notice in each gap. Every decision is in the audit.',
    requestHeaders: {
      'Idempotency-Key':
        'A string in quotes, 1 to 255 visible characters. A repeat of the same request is the same export, and counted once.',
    },
    responses: {
      200: {
        description: 'The file, as an attachment.',
        schema: FileSchema,
        mediaType: 'application/octet-stream',
        headers: {
          'Content-Disposition': 'The name of the file.',
          'Export-Id': 'What the audit calls this export.',
          'Export-Omitted': 'The figures that were left out, separated by commas.',
          ETag: 'The SHA-256 of the file.',
          'Repr-Digest': 'SHA-256 of the body (RFC 9530).',
          'Idempotency-Replayed': '`true` when the key named an export that was made before.',
        },
      },
    },
    problems: [404, 409, 413, 415, 422],
  },
  async handle({ request, response, caller, requestId, body }, { exportRun, places }) {
    const idempotencyKey = parseIdempotencyKey(request.get('idempotency-key'));
    const release = places.exports.take(caller.principal.id);
    const { file, fileHash, exportId, replayed, omitted } = await exportRun({
      body,
      principal: caller.principal,
      requestId,
      idempotencyKey,
    }).finally(release);
    requireActive(caller);
    response.setHeader('Content-Type', file.mediaType);
    // the name is made of letters, digits and . _ - alone
    response.setHeader('Content-Disposition', `attachment; filename="${file.fileName}"`);
    response.setHeader('Export-Id', exportId);
    response.setHeader('ETag', strongETag(fileHash));
    response.setHeader('Repr-Digest', reprDigest(file.bytes));
    if (omitted.length > 0) response.setHeader('Export-Omitted', omitted.join(', '));
    if (replayed) response.setHeader('Idempotency-Replayed', 'true');
    response.status(200).end(file.bytes);
  },
});

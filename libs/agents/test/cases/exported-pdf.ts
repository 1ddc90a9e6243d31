import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isoDate, type PatternDefinition } from '@dawsos/contracts';
import { createReport, renderExport } from '@dawsos/exports';
import { ROOT, type Answer } from '../in-process';

/** What an export of an answer says, read back by another library than the one that wrote it. */
export async function exportedPdf(patternId: string, { data, pricing_pack_id }: Answer): Promise<string> {
  const text = await readFile(path.join(ROOT, 'patterns', `${patternId}.json`), 'utf8');
  const report = createReport(
    {
      pattern_id: patternId,
      pattern_version: '1.0.0',
      portfolio_id: 'main',
      asof_date: isoDate('2024-06-28'),
      pricing_pack_id,
      pricing_pack_hash: 'a'.repeat(64),
      ledger_commit_hash: 'b'.repeat(40),
      data_hash: 'c'.repeat(64),
    },
    data,
    JSON.parse(text) as PatternDefinition,
    {
      request: { action: 'export', format: 'pdf' },
      environment: 'test',
      registryHash: 'd'.repeat(64),
      figures: Object.keys(data).map((figure) => ({ figure, sources: [], allowed: true, blocks: [] })),
      attributions: [],
      watermarks: [],
      notForRedistribution: [],
    },
  );
  const { bytes } = await renderExport(report, 'pdf');
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await task.promise;
  const texts: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    texts.push(...items.flatMap((item) => ('str' in item ? [item.str] : [])));
  }
  await task.destroy();
  return texts.join('\n');
}

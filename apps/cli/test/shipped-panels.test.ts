import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PatternDefinitionSchema, pick, type PatternDefinition } from '@dawsos/contracts';
import { renderResult } from '../src/render/panels';

/** Set to write the golden files anew: `UPDATE_GOLDEN=1 npx jest --selectProjects integration apps/cli/test/shipped-panels`. */
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const ROOT = path.resolve(__dirname, '../../..');
const RESULTS = path.join(ROOT, 'libs/agents/test/golden');
const SHOWN = path.join(__dirname, 'golden');
const SUFFIX = '.golden.json';

async function presentationOf(patternId: string): Promise<PatternDefinition['presentation']> {
  const text = await readFile(path.join(ROOT, 'patterns', `${patternId}.json`), 'utf8');
  return PatternDefinitionSchema.parse(JSON.parse(text)).presentation;
}

async function results(): Promise<{ name: string; patternId: string; data: unknown }[]> {
  const files = (await readdir(RESULTS)).filter((file) => file.endsWith(SUFFIX)).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: file.slice(0, -SUFFIX.length),
      patternId: file.split('.')[0] ?? '',
      data: JSON.parse(await readFile(path.join(RESULTS, file), 'utf8')) as unknown,
    })),
  );
}

describe('the results of the patterns that ship', () => {
  it('are shown in the terminal as recorded: the files that a person can check', async () => {
    for (const { name, patternId, data } of await results()) {
      const text = `${renderResult(await presentationOf(patternId), data).join('\n')}\n`;
      const file = path.join(SHOWN, `${name}.txt`);
      if (UPDATE) await writeFile(file, text);
      expect([name, text]).toEqual([name, await readFile(file, 'utf8')]);
    }
  });

  it('have every field that their panels show, so that no column is empty by a slip of the pen', async () => {
    const empty: string[] = [];
    const seen = new Set<string>();
    for (const { patternId, data } of await results()) {
      for (const panel of (await presentationOf(patternId))?.panels ?? []) {
        // A part that the run was asked to leave out.
        if (pick(data, panel.source.split('.')[0] ?? '') === null) continue;
        const value = pick(data, panel.source);
        if (value === undefined) empty.push(`${patternId} ${panel.id}: ${panel.source}`);
        const rows = Array.isArray(value) ? (value as readonly unknown[]) : [value];
        for (const { field } of panel.columns ?? []) {
          const column = `${patternId} ${panel.id}: ${field}`;
          // A list may be empty where another result of the pattern has one, and so may what a list's item is.
          if (rows.length === 0 || field.includes('[')) continue;
          if (rows.some((row) => row === null || pick(row, field) !== undefined)) seen.add(column);
          else empty.push(column);
        }
      }
    }
    expect(empty.filter((column) => !seen.has(column))).toEqual([]);
  });
});

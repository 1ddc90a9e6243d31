import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../in-process';
import { asPublished, type Example } from './example';
import { EXAMPLES_OF_RETURNS } from './examples-of-returns';
import { EXAMPLES_OF_RISK } from './examples-of-risk';
import { EXAMPLES_OF_TAXES } from './examples-of-taxes';

const EXAMPLES: readonly Example[] = [...EXAMPLES_OF_RETURNS, ...EXAMPLES_OF_RISK, ...EXAMPLES_OF_TAXES];

/** Writes the table anew: `UPDATE_DOCS=1 npx jest libs/agents/test/published`. */
const UPDATE = process.env['UPDATE_DOCS'] === '1';
const PAGE = path.join(ROOT, 'docs/figures.md');
const BEGIN = '<!-- published examples: written by libs/agents/test/published -->';
const END = '<!-- end of published examples -->';

async function table(): Promise<string> {
  const rows = await Promise.all(
    EXAMPLES.map(async ({ source, inputs, published, ours, note }) => {
      const answer = asPublished(await ours(), published);
      return `| ${source} | ${inputs}${note === undefined ? '' : ` (${note})`} | ${published} | ${answer} |`;
    }),
  );
  return ['| source | inputs | published | ours |', '| - | - | -: | -: |', ...rows].join('\n');
}

describe('published examples', () => {
  it.each(EXAMPLES.map((example) => [`${example.source}: ${example.inputs}`, example] as const))(
    '%s',
    async (_, { published, ours }) => {
      expect(asPublished(await ours(), published)).toBe(published);
    },
  );

  it('are thirty at least', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(30);
  });

  it('stand in docs/figures.md as they are', async () => {
    const page = await readFile(PAGE, 'utf8');
    const [before = '', rest = ''] = page.split(BEGIN);
    const [, after = ''] = rest.split(END);
    const written = `${before}${BEGIN}\n\n<!-- prettier-ignore -->\n${await table()}\n\n${END}${after}`;
    if (UPDATE) await writeFile(PAGE, written);
    expect(UPDATE ? written : page).toBe(written);
  });
});

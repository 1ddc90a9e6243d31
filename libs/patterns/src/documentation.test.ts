import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lintText } from './catalog';
import { parseCondition } from './condition-syntax';
import { formatFault } from './fault';
import { CONTEXT_FACTS } from './reference';

const ROOT = resolve(__dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

test.each(['docs/patterns.md', 'README.md'])('each pattern shown in %s loads', (file) => {
  const blocks = [...read(file).matchAll(/^```json\n([^]*?)^```$/gm)].map((match) => match[1] ?? '');
  const patterns = blocks.filter((block) => block.includes('"steps"'));
  expect(patterns.length).toBeGreaterThan(0);
  expect(patterns.flatMap((pattern) => lintText(file, pattern).map(formatFault))).toEqual([]);
});

test('each condition of the page parses, and each fact of the context stands on it', () => {
  const page = read('docs/patterns.md');
  const rows = [...page.slice(page.indexOf('## Conditions')).matchAll(/^\| `(.+?)` +\|/gm)].map(
    (match) => match[1] ?? '',
  );
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((condition) => !parseCondition(condition).ok)).toEqual([]);
  for (const fact of CONTEXT_FACTS) expect(page).toContain(`\`${fact}\``);
});

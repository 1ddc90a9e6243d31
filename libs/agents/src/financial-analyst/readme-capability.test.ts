import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoDate } from '@dawsos/contracts';
import { createRecorder } from '../reads/recording';
import { worldWith } from '../__fixtures__/world';
import { cashBalance } from './__fixtures__/cash-balance';

const FIXTURE = readFileSync(join(__dirname, '__fixtures__', 'cash-balance.ts'), 'utf8');
const README = readFileSync(join(__dirname, '../../../../README.md'), 'utf8');

describe("the README's capability", () => {
  it('is the one that compiles here', () => {
    const shown = /```ts\n(export const cashBalance[^]*?)```/.exec(README)?.[1];
    expect(FIXTURE.endsWith(`\n\n${shown ?? 'not in the README'}`)).toBe(true);
  });

  it('runs on readers alone', async () => {
    const { pack, ledger, source } = createRecorder(worldWith());
    const { signal } = new AbortController();
    const context = { pack, ledger, source, asofDate: isoDate('2025-10-22'), signal };
    expect(await cashBalance.run({ currency: 'CAD' }, context)).toEqual({ currency: 'CAD', units: '0' });
  });
});

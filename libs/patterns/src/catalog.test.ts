import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { lintPattern, loadPatterns } from './catalog';
import { patternJsonSchema } from './schema';

const CAPABILITIES = {
  has: (name: string) => name === 'ledger.positions',
  names: () => ['ledger.positions'],
};

function patternText(id: string, capability = 'ledger.positions'): string {
  const step = { id: 'positions', capability, as: 'positions' };
  return JSON.stringify(
    { id, version: '1.0.0', name: id, description: id, steps: [step], outputs: ['positions'] },
    null,
    2,
  );
}

describe('a folder of patterns', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'patterns-'))));
  afterEach(() => rm(dir, { recursive: true }));

  test('gives its patterns by id, and leaves the schema aside', async () => {
    await writeFile(join(dir, 'b.json'), patternText('beta'));
    await writeFile(join(dir, 'a.json'), patternText('alpha'));
    await writeFile(join(dir, 'pattern.schema.json'), '{}');
    await writeFile(join(dir, 'README.md'), 'words');
    const catalog = await loadPatterns(dir, CAPABILITIES);
    expect(catalog.ids()).toEqual(['alpha', 'beta']);
    expect(catalog.get('alpha')?.definition.name).toBe('alpha');
    expect(catalog.get('constructor')).toBeUndefined();
  });

  test('reports the faults of all its files at once, as text and as data', async () => {
    await writeFile(join(dir, 'a.json'), patternText('same'));
    await writeFile(join(dir, 'b.json'), patternText('same'));
    await writeFile(join(dir, 'c.json'), patternText('gamma', 'ledger.position'));
    await writeFile(join(dir, 'd.json'), '{ nonsense');
    await expect(loadPatterns(dir, CAPABILITIES)).rejects.toMatchObject({
      code: 'pattern_invalid',
      message: expect.stringMatching(
        /b\.json:2:9: a\.json has the id "same" already[^]*c\.json:\d+:\d+: no agent[^]*d\.json:1:3/,
      ) as string,
      extensions: {
        faults: expect.arrayContaining([expect.objectContaining({ line: 2, column: 9 })]) as unknown,
      },
    });
  });

  test('one file is linted alone, with or without the agents', async () => {
    const file = join(dir, 'c.json');
    await writeFile(file, patternText('gamma', 'ledger.position'));
    expect(await lintPattern(file)).toEqual([]);
    expect(await lintPattern(file, CAPABILITIES)).toHaveLength(1);
    await expect(lintPattern(join(dir, 'absent.json'))).rejects.toMatchObject({ code: 'pattern_invalid' });
  });
});

describe('the published JSON Schema', () => {
  test('is the committed one (npm run docs writes it)', async () => {
    const committed = await readFile(resolve(__dirname, '../../../patterns/pattern.schema.json'), 'utf8');
    expect(committed).toBe(patternJsonSchema());
  });

  test('takes and refuses what loading does', () => {
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(patternJsonSchema()) as object);
    expect(validate(JSON.parse(patternText('alpha')))).toBe(true);
    expect(validate(JSON.parse(patternText('Alpha')))).toBe(false);
    expect(validate({ ...(JSON.parse(patternText('alpha')) as object), more: 1 })).toBe(false);
  });
});

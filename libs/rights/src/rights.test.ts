import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StepRecord } from '@dawsos/contracts';
import fc from 'fast-check';
import { stepSources } from './figure-sources';
import {
  decide,
  EXPORT_FORMATS,
  figureSources,
  parseRegistry,
  registryJsonSchema,
  type RightsRegistry,
} from './index';

const shipped = parseRegistry(
  readFileSync(resolve(__dirname, '../../../rights/registry.yaml'), 'utf8'),
  'registry.yaml',
);

describe('the registry that ships', () => {
  it.each(['newsapi', 'fmp', 'polygon'])(
    'blocks %s from every export, and says what would lift it',
    (source) => {
      for (const format of EXPORT_FORMATS) {
        const decision = decide(shipped, ['ledger', source], { action: 'export', format }, 'production');
        expect(decision.allowed).toBe(false);
        expect(decision.blocks).toEqual([
          expect.objectContaining({ source, remedy: expect.stringMatching(/^Obtain: /) }),
        ]);
      }
    },
  );

  it('lets nothing be done with a source that it does not know, not even one named like a member of every object', () => {
    for (const source of ['yahoo', 'constructor', '__proto__']) {
      expect(decide(shipped, [source], { action: 'display' }, 'production').allowed).toBe(false);
    }
  });

  it('names each attribution once', () => {
    const decision = decide(
      shipped,
      ['ecb', 'ledger', 'ecb', 'fred'],
      { action: 'export', format: 'pdf' },
      'production',
    );
    expect(decision).toMatchObject({ allowed: true, blocks: [] });
    expect(decision.attributions).toHaveLength(2);
  });
});

describe('a registry file', () => {
  it('fits the schema that is published, which is the one of the code', () => {
    const published = readFileSync(resolve(__dirname, '../../../rights/registry.schema.json'), 'utf8');
    // a difference is mended with: npm run docs
    expect(published).toBe(registryJsonSchema());
  });

  it('says where it is wrong, and all that is', () => {
    const text =
      'version: 1\nsources:\n  fmp:\n    name: FMP\n    display: maybe\n    export: [docx]\n    redistribute: false\n';
    expect(() => parseRegistry(text, 'r.yaml')).toThrow(
      expect.objectContaining({
        code: 'rights_registry_invalid',
        message: expect.stringMatching(/r\.yaml:5:5: .*display.*\n.*r\.yaml:6:5: .*export/),
      }),
    );
  });

  it('is refused when it was written for another key, which would block or allow everything in silence', () => {
    expect(() => parseRegistry('version: 1\nproviders: {}\n', 'r.yaml')).toThrow(/sources/);
  });

  it('cannot grow without bound by aliases', () => {
    const bomb = [
      'a: &a [x, x]',
      ...'bcdefgh'.split('').map((key, i) => `${key}: &${key} [${`*${'abcdefgh'[i]}, `.repeat(9)}]`),
    ];
    expect(() => parseRegistry(bomb.join('\n'), 'r.yaml')).toThrow(/aliases/);
  });

  it('may grant more, or less, in one environment', () => {
    const text = `version: 1
sources:
  fmp:
    name: FMP
    display: true
    export: []
    redistribute: false
    environments: { production: { export: [pdf] } }
`;
    const registry = parseRegistry(text, 'r.yaml');
    const pdf = { action: 'export', format: 'pdf' } as const;
    expect(decide(registry, ['fmp'], pdf, 'production').allowed).toBe(true);
    expect(decide(registry, ['fmp'], pdf, 'staging').allowed).toBe(false);
  });
});

describe('docs/rights.md', () => {
  it('shows registries that are read, and say the same of the source', () => {
    const page = readFileSync(resolve(__dirname, '../../../docs/rights.md'), 'utf8');
    const blocks = [...page.matchAll(/^```(?:yaml|json)\n([^]*?)^```$/gm)].map(([, text]) => text ?? '');
    const [yaml, odrl] = blocks.map((text) => parseRegistry(text, 'docs/rights.md').sources['exchange']);
    expect(blocks).toHaveLength(2);
    expect(odrl).toMatchObject({ name: yaml?.name, display: true, attribution: yaml?.attribution });
  });
});

const SOURCES = ['a', 'b', 'c', 'd', 'e'];
const dags = fc.array(
  fc.record({ reads: fc.subarray(SOURCES), before: fc.array(fc.nat(), { maxLength: 3 }) }),
  { minLength: 1, maxLength: 12 },
);

function recordsOf(dag: readonly { reads: string[]; before: number[] }[]): StepRecord[] {
  return dag.map(({ reads, before }, index) => ({
    step_index: index,
    step_id: `s${index}`,
    capability: 'x.y',
    agent_name: 'x',
    agent_version: '1',
    depends_on: index === 0 ? [] : [...new Set(before.map((n) => `s${n % index}`))],
    args_hash: '',
    result_hash: '',
    reads: reads.map((source) => ({
      kind: 'source',
      key: source,
      hash: '',
      sources: [source],
      value_date: null,
    })),
  }));
}

/** Whether a walk back from `id` meets a read of a source in `restricted`: the truth, found another way. */
function reaches(records: readonly StepRecord[], id: string, restricted: ReadonlySet<string>): boolean {
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const record = records.find((step) => step.step_id === next);
    if (record?.reads.some((read) => read.sources.some((source) => restricted.has(source)))) return true;
    open.push(...(record?.depends_on ?? []));
  }
  return false;
}

describe('rights along the DAG', () => {
  it('lets out exactly the figures to which no path leads from a restricted source', () => {
    fc.assert(
      fc.property(dags, fc.subarray(SOURCES), (dag, restricted) => {
        const records = recordsOf(dag);
        const registry: RightsRegistry = {
          version: 1,
          sources: Object.fromEntries(
            SOURCES.map((id) => [
              id,
              {
                name: id,
                display: true,
                export: restricted.includes(id) ? [] : ['csv'],
                redistribute: false,
                environments: {},
              },
            ]),
          ),
        };
        for (const [id, sources] of stepSources(records)) {
          const { allowed } = decide(registry, sources, { action: 'export', format: 'csv' }, 'production');
          expect(allowed).toBe(!reaches(records, id, new Set(restricted)));
        }
      }),
    );
  });

  it('makes a skipped step rest on what its condition asked, and what follows it too', () => {
    const [first, , last] = recordsOf([
      { reads: ['fmp'], before: [] },
      { reads: [], before: [] },
      { reads: ['ledger'], before: [1] },
    ]);
    const provenance = {
      steps: [first!, last!],
      skipped: [{ step_id: 's1', depends_on: ['s0'] }],
      outputs: { skipped: 's1', after: 's2' },
    };
    expect([...figureSources(['skipped', 'after'], provenance)]).toEqual([
      ['skipped', ['fmp']],
      ['after', ['fmp', 'ledger']],
    ]);
  });

  it('knows no source of a figure that no step is recorded for', () => {
    const figures = figureSources(['a', 'toString'], { steps: recordsOf([{ reads: [], before: [] }]) });
    expect([...figures.values()]).toEqual([['unknown'], ['unknown']]);
  });

  it('lets nothing out whose record is broken', () => {
    const [record] = recordsOf([{ reads: ['a'], before: [] }]);
    const sources = stepSources([{ ...record!, depends_on: ['gone'] }]).get('s0') ?? [];
    expect(decide(shipped, sources, { action: 'display' }, 'production').allowed).toBe(false);
  });
});

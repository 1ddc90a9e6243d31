import type { JsonValue } from '@dawsos/contracts';
import { createRightsGate, EXPORT_FORMATS, figureSources, type RightsRegistry } from '@dawsos/rights';
import fc from 'fast-check';
import { RUN, textOf } from './__fixtures__/read-back';
import { createReport } from './report';

const SOURCES = ['a', 'b', 'c', 'd'];
const dags = fc.array(
  fc.record({
    reads: fc.subarray(SOURCES),
    before: fc.array(fc.nat(), { maxLength: 3 }),
    skipped: fc.boolean(),
    isOutput: fc.boolean(),
  }),
  { minLength: 1, maxLength: 10 },
);
type Dag = typeof dags extends fc.Arbitrary<infer T> ? T : never;

const idsBefore = (dag: Dag, index: number): string[] =>
  index === 0 ? [] : [...new Set(dag[index]!.before.map((n) => `s${n % index}`))];

/** What a run leaves: each figure holds a text of its own, so that it is seen wherever it goes. */
function resultOf(dag: Dag) {
  const steps = dag.map((step, index) => ({ ...step, id: `s${index}`, depends_on: idsBefore(dag, index) }));
  const outputs = steps.filter(({ isOutput }) => isOutput);
  const data: Record<string, JsonValue> = Object.fromEntries(
    outputs.map(({ id, skipped }) => [`out_${id}`, skipped ? null : { mark: `figure of ${id}.` }]),
  );
  const provenance = {
    steps: steps
      .filter(({ skipped }) => !skipped)
      .map(({ id, depends_on, reads }, step_index) => ({
        step_index,
        step_id: id,
        capability: 'x.y',
        agent_name: 'x',
        agent_version: '1',
        depends_on,
        args_hash: '',
        result_hash: '',
        reads: reads.map((source) => ({
          kind: 'source' as const,
          key: source,
          hash: '',
          sources: [source],
          value_date: null,
        })),
      })),
    skipped: steps
      .filter(({ skipped }) => skipped)
      .map(({ id, depends_on }) => ({ step_id: id, depends_on })),
    outputs: Object.fromEntries(outputs.map(({ id }) => [`out_${id}`, id])),
  };
  return { data, provenance, outputs };
}

/** The truth, found another way: whether a walk back from a step meets a read of a restricted source. */
function reaches(dag: Dag, id: string, restricted: readonly string[]): boolean {
  const step = dag[Number(id.slice(1))]!;
  if (!step.skipped && step.reads.some((source) => restricted.includes(source))) return true;
  return idsBefore(dag, Number(id.slice(1))).some((before) => reaches(dag, before, restricted));
}

const registryWith = (restricted: readonly string[]): RightsRegistry => ({
  version: 1,
  sources: Object.fromEntries(
    SOURCES.map((id) => [
      id,
      {
        name: id,
        display: true,
        export: restricted.includes(id) ? [] : [...EXPORT_FORMATS],
        redistribute: true,
        environments: {},
      },
    ]),
  ),
});

describe('rights along the DAG, through the export itself', () => {
  it.each([
    ['json', 300],
    ['csv', 100],
    ['xlsx', 10],
    ['pdf', 6],
  ] as const)(
    'a %s file holds exactly the figures to which no path leads from a restricted source',
    async (format, numRuns) => {
      await fc.assert(
        fc.asyncProperty(dags, fc.subarray(SOURCES), async (dag, restricted) => {
          const { data, provenance, outputs } = resultOf(dag);
          const gate = createRightsGate(registryWith(restricted), 'production');
          const decision = gate.judge(figureSources(Object.keys(data), provenance), {
            action: 'export',
            format,
          });
          const report = createReport(RUN, data, { name: 'Demo' }, decision);
          const text = await textOf(report, format);
          for (const { id, skipped } of outputs) {
            const restrictedFigure = reaches(dag, id, restricted);
            expect(text.includes(`figure of ${id}.`)).toBe(!restrictedFigure && !skipped);
            const gap = report.figures.find(({ name }) => name === `out_${id}`)!;
            expect('blocks' in gap).toBe(restrictedFigure);
          }
        }),
        { numRuns },
      );
    },
  );
});

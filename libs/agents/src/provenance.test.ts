import { isoDate, ProvenanceSchema, type StepRecord } from '@dawsos/contracts';
import { worldWith } from './__fixtures__/world';
import { joinProvenance } from './provenance';
import { createRecorder } from './reads/recording';

function recordOf(step_index: number, commodities: readonly (readonly [string, string])[]): StepRecord {
  const { pack, ledger, reads } = createRecorder(worldWith());
  for (const [commodity, date] of commodities) pack.price(commodity, isoDate(date));
  ledger.portfolio();
  return {
    step_index,
    step_id: `s${step_index}`,
    capability: 'test.run',
    agent_name: 'tester',
    agent_version: '1',
    depends_on: [],
    args_hash: 'a',
    reads: [...reads()],
    result_hash: 'r',
  };
}

describe('provenance', () => {
  const pattern = { id: 'demo', version: '1.0.0' };

  test('joins pins, sources and steps', () => {
    const records = [recordOf(1, [['OLD', '2025-10-22']]), recordOf(0, [['AAPL', '2025-10-22']])];
    const provenance = joinProvenance({ pattern, world: worldWith(), records });
    expect(ProvenanceSchema.parse(provenance)).toEqual(provenance);
    expect(provenance).toMatchObject({
      pattern_id: 'demo',
      pricing_pack_id: 'PP_2025-10-22',
      ledger_commit_hash: 'c'.repeat(40),
      sources: ['archive', 'close', 'ledger'],
      oldest_value_date: '2024-01-02',
      ledger_plugins_not_run: ['my_plugins.rounding'],
      steps: [{ step_id: 's0' }, { step_id: 's1' }],
    });
  });

  test('what was asked of an earlier day is meant to be old', () => {
    const records = [
      recordOf(0, [
        ['OLD', '2024-06-30'],
        ['AAPL', '2025-10-22'],
      ]),
    ];
    expect(joinProvenance({ pattern, world: worldWith(), records }).oldest_value_date).toBe('2025-10-22');
  });

  test('a run that read nothing dated has no oldest value', () => {
    expect(
      joinProvenance({ pattern, world: worldWith(), records: [recordOf(0, [])] }).oldest_value_date,
    ).toBeNull();
  });
});

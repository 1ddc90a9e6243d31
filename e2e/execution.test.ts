import { canonicalJson, sha256Hex, type JsonValue } from '@dawsos/contracts';
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@dawsos/testing';
import { ENGINES, startStack, type Stack } from './rig/stack';

const OVERVIEW = { pattern_id: 'portfolio_overview', portfolio_id: 'growth' };
/** The indexes of the steps of portfolio_overview that run where no benchmark is named. */
const STEPS = [0, 1, 2, 3, 5, 6, 7, 8];
/** The pack of a day with prices, for which nobody has asked before. */
const WANTED_PACK = { pack_id: 'PP_2025-10-15' };

describe.each(ENGINES)('one execution across two processes, on %s', (engine) => {
  let receiver: OtlpReceiver;
  let stack: Stack;
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    stack = await startStack({
      engine,
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: '200',
      },
    });
  });
  afterAll(async () => {
    await stack.stop();
    await receiver.close();
  });

  it('answers with the result when the client prefers to wait', async () => {
    const answer = await stack.api.execute(OVERVIEW, { prefer: 'wait=30' });
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'wait=30']);
    const run = (await answer.json()) as { data: JsonValue; data_hash: string; status: string };
    expect(run.status).toBe('succeeded');
    expect(sha256Hex(canonicalJson(run.data))).toBe(run.data_hash);
    expect(run).toMatchObject({
      data: { valued_positions: { base_currency: 'CAD' } },
      provenance: { pattern_id: 'portfolio_overview', steps: { length: STEPS.length } },
    });
  });

  it('is accepted at once, and tells its progress without a gap, resumable anywhere', async () => {
    const answer = await stack.api.execute(OVERVIEW);
    expect(answer.status).toBe(202);
    const location = answer.headers.get('location') ?? '';
    const all = await readEvents(stack, location);
    expect(all.map((event) => event.id)).toEqual(all.map((_, index) => String(index + 1)));
    expect(all.map((event) => event.name)).toEqual(
      expect.arrayContaining(['run.accepted', 'run.started', 'step.started', 'step.finished']),
    );
    expect(all.at(-1)?.name).toBe('run.finished');
    const rest = await readEvents(stack, location, '3');
    expect(rest).toEqual(all.slice(3));
  });

  it('is one trace: the tree of DESIGN section 3, its parents and its attributes', async () => {
    receiver.clear();
    const run = await stack.api.succeeded(OVERVIEW);
    const traceId = run.trace_id ?? '';
    const ofRun = (spans: readonly ReceivedSpan[]) => spans.filter((span) => span.traceId === traceId);
    await receiver.until((spans) => {
      const names = ofRun(spans).map((span) => span.name);
      return names.includes('POST /v1/execute') && names.includes('process patterns');
    });

    const step = (index: number) => [
      `        step_${String(index)} (INTERNAL, dawsos-pattern-worker)`,
      '          agent_execute (INTERNAL, dawsos-pattern-worker)',
    ];
    expect(drawInStepOrder(receiver, traceId)).toEqual([
      'POST /v1/execute (SERVER, dawsos-executor)',
      '  execute_pattern (INTERNAL, dawsos-executor)',
      '    publish patterns (PRODUCER, dawsos-executor)',
      '      process patterns (CONSUMER, dawsos-pattern-worker)',
      ...STEPS.flatMap(step),
    ]);

    // The worker's own first queries come before it knows the run's pins; from the steps down all spans carry them.
    for (const span of ofRun(receiver.spans())) {
      const below = span.kind === 'CLIENT' ? 'agent_execute' : 'execute_pattern';
      if (!isBelow(receiver, traceId, span, below)) continue;
      expect([span.name, span.attributes]).toEqual([
        span.name,
        expect.objectContaining({
          pricing_pack_id: run.pricing_pack_id,
          ledger_commit_hash: run.ledger_commit_hash,
          pattern_id: 'portfolio_overview',
          request_id: run.request_id,
          user_id: expect.stringMatching(/^[0-9a-f]{8}$/),
        }),
      ]);
    }
    const steps = ofRun(receiver.spans()).filter((span) => /^(step_\d+|agent_execute)$/.test(span.name));
    expect(steps).toHaveLength(2 * STEPS.length);
    for (const span of steps) {
      expect(span.attributes).toMatchObject({
        agent_name: 'financial_analyst',
        capability: expect.stringMatching(/^[a-z]+\.[a-z_]+$/),
      });
    }
    const stored = await stack.api.request(`/v1/runs/${run.run_id}/trace`);
    const names = ((await stored.json()) as { spans: { name: string }[] }).spans.map((span) => span.name);
    expect(names).toEqual(expect.arrayContaining(['execute_pattern', 'process patterns', 'step_0']));
  });

  it('carries no client data in its spans', async () => {
    receiver.clear();
    const run = await stack.api.succeeded(OVERVIEW);
    await receiver.until((spans) =>
      spans.some((span) => span.traceId === run.trace_id && span.name === 'process patterns'),
    );
    const value = (run.data as { valued_positions: { total_value: string } }).valued_positions.total_value;
    const sent = receiver.bytes().toString('latin1');
    expect(sent).toContain(run.request_id);
    expect(sent).not.toContain(value);
    expect(sent).not.toMatch(/Assets:Growth/);
  });

  it('is one run for one idempotency key, also when both come at once', async () => {
    const headers = { 'idempotency-key': `"${engine}-once"` };
    const [one, other] = await Promise.all([
      stack.api.accept(OVERVIEW, headers),
      stack.api.accept(OVERVIEW, headers),
    ]);
    expect(one).toBe(other);
    const another = await stack.api.execute({ ...OVERVIEW, portfolio_id: 'income' }, headers);
    expect([another.status, ((await another.json()) as { code: string }).code]).toEqual([
      422,
      'idempotency_key_reused',
    ]);
    await stack.api.finished(one);
  });

  it('that may wait for a pack waits while the builder makes it, and then goes on by itself', async () => {
    const asof_date = '2025-10-15';
    const refused = await stack.api.execute({ ...OVERVIEW, asof_date });
    expect([refused.status, await refused.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'pack_not_found', repair: expect.objectContaining(WANTED_PACK) }),
    ]);
    const answer = await stack.api.execute({ ...OVERVIEW, asof_date, wait_for_fresh: true });
    const accepted = (await answer.json()) as { run_id: string; links: { self: string } };
    expect([answer.status, accepted]).toEqual([
      202,
      expect.objectContaining({ awaiting: expect.objectContaining(WANTED_PACK) }),
    ]);
    const run = await stack.api.finished(accepted.run_id);
    expect(run).toMatchObject({
      status: 'succeeded',
      asof_date,
      pricing_pack_id: WANTED_PACK.pack_id,
      pack_status: 'fresh',
    });
    const told = (await readEvents(stack, accepted.links.self)).map(({ name }) => name);
    expect(told).toEqual(
      expect.arrayContaining(['run.accepted', 'run.pack_ready', 'run.started', 'run.finished']),
    );
    // what was refused before is there now
    expect((await stack.api.execute({ ...OVERVIEW, asof_date })).status).toBe(202);
  });

  it('can be cancelled, and stays so', async () => {
    const runId = await stack.api.accept(OVERVIEW);
    const answer = await stack.api.request(`/v1/runs/${runId}/cancel`, { method: 'POST' });
    expect(answer.status).toBe(200);
    const run = await stack.api.finished(runId);
    expect(['cancelled', 'succeeded']).toContain(run.status);
  });
});

interface Received {
  readonly id: string;
  readonly name: string;
  readonly data: string;
}

/** The whole stream, which ends when the run has finished. */
async function readEvents(stack: Stack, location: string, lastEventId?: string): Promise<Received[]> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const answer = await stack.api.request(`${location}/events`, { headers });
  const text = await answer.text();
  return text.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
    const [id, name, data] = [field('id'), field('event'), field('data')];
    return id === undefined || name === undefined ? [] : [{ id, name, data: data ?? '' }];
  });
}

/** The tree without the spans of databases and files; steps run in parallel, so they are put in order of their index. */
function drawInStepOrder(receiver: OtlpReceiver, traceId: string): readonly string[] {
  const isOurs = (span: ReceivedSpan) =>
    span.kind !== 'CLIENT' &&
    /^(POST \/v1\/execute|execute_pattern|publish|process|step_\d+|agent_execute)/.test(span.name);
  const lines = receiver.draw(traceId, { without: (span) => !isOurs(span) }).split('\n');
  const steps: string[][] = [];
  const rest: string[] = [];
  for (const line of lines) {
    if (/^\s+step_/.test(line)) steps.push([line]);
    else if (/^\s+agent_execute/.test(line)) steps.at(-1)?.push(line);
    else rest.push(line);
  }
  const indexOf = (step: readonly string[]) => Number(/step_(\d+)/.exec(step[0] ?? '')?.[1]);
  return [...rest, ...steps.sort((one, other) => indexOf(one) - indexOf(other)).flat()];
}

function isBelow(receiver: OtlpReceiver, traceId: string, span: ReceivedSpan, name: string): boolean {
  const byId = new Map(
    receiver
      .spans()
      .filter((each) => each.traceId === traceId)
      .map((each) => [each.spanId, each]),
  );
  for (let at: ReceivedSpan | undefined = span; at !== undefined;) {
    if (at.name === name) return true;
    at = at.parentSpanId === undefined ? undefined : byId.get(at.parentSpanId);
  }
  return false;
}

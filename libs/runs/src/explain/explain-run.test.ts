import { DawsosError, toProblem, type Run, type RunCause, type WorkerReport } from '@dawsos/contracts';
import fc from 'fast-check';
import { explainRun } from './explain-run';
import type { AttemptFacts, RunFacts, WorkerFacts } from './facts';
import { duration } from './words';

const NOW = new Date('2025-10-22T12:00:00.000Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

const RUN: Run = {
  run_id: '0198c6a4-5d1e-4c3a-9d52-3b0f0f7f1a01',
  status: 'accepted',
  pattern_id: 'portfolio_overview',
  pattern_version: '1.0.0',
  portfolio_id: 'growth',
  asof_date: '2025-10-22',
  pricing_pack_id: 'PP_2025-10-22',
  pack_status: 'fresh',
  ledger_commit_hash: 'c'.repeat(40),
  request_id: 'req-1',
  trace_id: null,
  valid_until: null,
  attempts: 0,
  created_at: ago(30).toISOString(),
  started_at: null,
  finished_at: null,
  steps: [],
};
const REPORT: WorkerReport = {
  concurrency: 4,
  active_jobs: 4,
  lock_seconds: 30,
  max_attempts: 5,
  event_loop_lag_ms: 3,
  event_loop_blocks: [],
  locks_renewed_at: null,
  lock_renewals_failed: [],
  breakers: [{ agent_name: 'financial_analyst', state: 'closed' }],
};
const worker = (report: Partial<WorkerReport> = {}, more: Partial<WorkerFacts> = {}): WorkerFacts => ({
  workerId: 'pod-1:7',
  startedAt: ago(3600),
  reportedAt: ago(2),
  stoppedAt: null,
  report: { ...REPORT, ...report },
  ...more,
});
const attempt = (more: Partial<AttemptFacts> = {}): AttemptFacts => ({
  attempt: 1,
  workerId: 'pod-1:7',
  startedAt: ago(25),
  endedAt: null,
  endedAs: null,
  ...more,
});
const facts = (run: Partial<Run>, more: Partial<RunFacts> = {}): RunFacts => ({
  now: NOW,
  run: { ...RUN, ...run },
  job: 'waiting',
  nextCheck: null,
  ahead: 0,
  attempts: [],
  workers: [worker()],
  usual: new Map(),
  ...more,
});
const lostOne = (holder: WorkerFacts | undefined): RunFacts =>
  facts(
    { status: 'running', attempts: 2, started_at: ago(25).toISOString() },
    {
      workers: [worker({}, { workerId: 'pod-2:7' }), ...(holder === undefined ? [] : [holder])],
      attempts: [
        attempt({ endedAt: ago(5), endedAs: 'lock_lost' }),
        attempt({ attempt: 2, workerId: 'pod-2:7', startedAt: ago(5) }),
      ],
    },
  );
const slowStep = (ms: number): Partial<Run> => ({
  status: 'succeeded',
  attempts: 1,
  started_at: ago(20).toISOString(),
  finished_at: ago(10).toISOString(),
  steps: [
    {
      step_index: 0,
      step_id: 'positions',
      capability: 'ledger.positions',
      status: 'succeeded',
      started_at: ago(20).toISOString(),
      duration_ms: ms,
      cached: false,
      error_code: null,
    },
  ],
});
const problem = toProblem(new DawsosError('price_missing', 'no price of ACME'), { docsUrl: '/docs/errors' });

const CASES: readonly (readonly [why: string, facts: RunFacts, cause: RunCause, says: RegExp])[] = [
  [
    'in line behind others',
    facts({}, { ahead: 41 }),
    'waits_in_line',
    /waited 30\.0 s and is number 42 in the queue; 1 worker with room for 4 runs at once, 4 at work/,
  ],
  [
    'in line before workers that hang',
    facts({}, { workers: [worker({ event_loop_lag_ms: 8000 })] }),
    'waits_in_line',
    /an event loop stood still for 8\.0 s/,
  ],
  ['without any worker', facts({}, { workers: [] }), 'no_worker', /no worker is alive\./],
  [
    'without a living worker',
    facts({}, { workers: [worker({}, { reportedAt: ago(600) })] }),
    'no_worker',
    /the last one reported 10 min ago/,
  ],
  ['without its queue', facts({}, { job: 'unreachable' }), 'queue_unreachable', /the queue does not answer/],
  ['without a job', facts({}, { job: 'missing', nextCheck: ago(-3) }), 'job_missing', /no job of it/],
  [
    'just accepted',
    facts({ created_at: ago(0.2).toISOString() }, { job: 'missing' }),
    'just_accepted',
    /200 ms ago/,
  ],
  [
    'between two attempts',
    facts(
      { attempts: 1 },
      {
        job: 'missing',
        nextCheck: ago(-4),
        attempts: [attempt({ endedAt: ago(1), endedAs: 'agent_failed' })],
      },
    ),
    'waits_for_retry',
    /Attempt 1 of at most 5 ended with agent_failed; the next begins in about 4\.0 s/,
  ],
  [
    'at work',
    facts({ status: 'running', attempts: 1 }, { attempts: [attempt()] }),
    'running',
    /has computed it for 25\.0 s/,
  ],
  [
    'stalled: its worker is silent',
    facts(
      { status: 'running', attempts: 1 },
      {
        attempts: [attempt()],
        workers: [worker({ locks_renewed_at: ago(21).toISOString() }, { reportedAt: ago(20) })],
      },
    ),
    'worker_silent',
    /has not reported for 20\.0 s.*last renewed at 2025-10-22T11:59:39/,
  ],
  [
    'lost with a worker that is no more',
    lostOne(worker({}, { reportedAt: ago(20) })),
    'worker_lost',
    /Attempt 1 \(pod-1:7\) was never heard of again \(its last report was 20\.0 s ago\)/,
  ],
  ['lost with a worker that left no row', lostOne(undefined), 'worker_lost', /never heard of again/],
  [
    'lost with a process that was restarted',
    lostOne(worker({}, { startedAt: ago(8) })),
    'worker_restarted',
    /started again while it had the run/,
  ],
  [
    'lost by a blocked event loop',
    lostOne(worker({ event_loop_blocks: [{ at: ago(4).toISOString(), ms: 31_000 }] })),
    'event_loop_blocked',
    /stood still for 31\.0 s, longer than its lock of 30 s would bear, so its lock was not renewed/,
  ],
  [
    'lost with the queue',
    lostOne(worker({ lock_renewals_failed: [ago(6).toISOString()] })),
    'lock_renewal_failed',
    /could not renew its lock, though its event loop ran/,
  ],
  [
    'lost by a worker that says nothing bad of itself',
    lostOne(worker()),
    'taken_over',
    /lost the run to another attempt after 20\.0 s/,
  ],
  [
    'tried again',
    facts(
      { status: 'running', attempts: 2 },
      {
        attempts: [
          attempt({ endedAt: ago(20), endedAs: 'source_unavailable' }),
          attempt({ attempt: 2, startedAt: ago(10) }),
        ],
      },
    ),
    'attempt_failed',
    /failed with source_unavailable after 5\.0 s/,
  ],
  [
    'given back by a shutdown',
    facts(
      { status: 'running', attempts: 2 },
      { attempts: [attempt({ endedAt: ago(20), endedAs: 'shutting_down' })] },
    ),
    'given_back',
    /gave the run back/,
  ],
  [
    'behind an open circuit',
    facts(
      { status: 'running', attempts: 1 },
      { workers: [worker({ breakers: [{ agent_name: 'macro', state: 'open' }] })] },
    ),
    'circuit_open',
    /breaker of the agent macro is open/,
  ],
  [
    'failed',
    facts({ status: 'failed', attempts: 1, finished_at: NOW.toISOString(), error: problem }),
    'failed',
    /failed with price_missing at attempt 1: no price of ACME/,
  ],
  [
    'cancelled',
    facts({ status: 'cancelled', finished_at: NOW.toISOString() }),
    'cancelled',
    /cancelled by its owner/,
  ],
  [
    'slow for having waited',
    facts({
      status: 'succeeded',
      attempts: 1,
      started_at: ago(2).toISOString(),
      finished_at: ago(1).toISOString(),
    }),
    'slow_queue',
    /waited 28\.0 s for a worker and ran 1\.0 s/,
  ],
  [
    'slow in one step',
    facts(slowStep(900), { usual: new Map([[0, { medianMs: 100, p95Ms: 150, runs: 20 }]]) }),
    'slow_step',
    /positions \(ledger\.positions\), took 900 ms, 9\.0 times its usual 100 ms \(95 % within 150 ms\) in 20 past runs/,
  ],
  [
    'as usual',
    facts(slowStep(110), { usual: new Map([[0, { medianMs: 100, p95Ms: 150, runs: 20 }]]) }),
    'as_usual',
    /usual is 100 ms/,
  ],
  ['of unknown pace', facts(slowStep(900)), 'as_usual', /too few past runs \(0\)/],
];

describe('the explanation of a run', () => {
  it.each(CASES)('that is %s', (_why, known, cause, says) => {
    const found = explainRun(known).findings.find((finding) => finding.cause === cause);
    expect(found?.says).toMatch(says);
  });

  it('counts a block only for the attempt that it fell into', () => {
    const before = lostOne(worker({ event_loop_blocks: [{ at: ago(100).toISOString(), ms: 31_000 }] }));
    expect(explainRun(before).findings.map(({ cause }) => cause)).not.toContain('event_loop_blocked');
  });

  it('shows of breakers the worst state that a living worker reports', () => {
    const breaker = (state: 'closed' | 'open' | 'half_open') => ({
      breakers: [{ agent_name: 'macro', state }],
    });
    const workers = [
      worker(breaker('half_open')),
      worker(breaker('closed')),
      worker(breaker('open'), { reportedAt: ago(99) }),
    ];
    expect(explainRun(facts({}, { workers })).breakers).toEqual([
      { agent_name: 'macro', state: 'half_open' },
    ]);
  });

  it('has a number in the queue while it waits there, and none later', () => {
    expect(explainRun(facts({}, { ahead: 2 })).queue).toEqual({
      job: 'waiting',
      position: 3,
      waited_seconds: 30,
    });
    expect(explainRun(facts({ status: 'running' })).queue.position).toBeNull();
  });
});

describe('a duration in words', () => {
  it('never needs more than four figures', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 3e10, noNaN: true }), (ms) => {
        expect(duration(ms)).toMatch(/^\d{1,4}(\.\d)? (ms|s|min|h)$/);
      }),
    );
  });
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { context, trace, TraceFlags } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { createLogger, createSilentLogger, type LoggerOptions } from './logger';
import { createPiiFilter } from './pii/filter';
import { carrying } from './tracing/run-context';

const pii = createPiiFilter();
const SPAN = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
};

function capture(options: LoggerOptions = {}) {
  const lines: string[] = [];
  const logger = createLogger({ ...options, destination: { write: (line) => void lines.push(line) } });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '') as Record<string, unknown> };
}

describe('a log line', () => {
  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());

  it('is one JSON object with its level in words, its time, its message and the constants of the process', () => {
    const { logger, last } = capture({ base: { service: 'dawsos-executor' } });
    logger.warn('job stalled', pii.fields({ queue: 'patterns' }));
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'dawsos-executor',
      queue: 'patterns',
      msg: 'job stalled',
    });
  });

  it('carries trace_id and span_id inside a span, and the run_id of its run', () => {
    const { logger, last } = capture();
    const inSpan = trace.setSpan(context.active(), trace.wrapSpanContext(SPAN));
    context.with(inSpan, () => logger.info('ready'));
    expect(last()).toMatchObject({ trace_id: SPAN.traceId, span_id: SPAN.spanId });
    expect(last()).not.toHaveProperty('run_id');
    context.with(carrying({ run_id: 'run-1' }, inSpan), () => logger.info('ready'));
    expect(last()).toMatchObject({ trace_id: SPAN.traceId, span_id: SPAN.spanId, run_id: 'run-1' });
    logger.info('ready');
    expect(last()).not.toHaveProperty('trace_id');
  });

  it('says nothing that the filter took out, of errors and their causes neither', () => {
    const { logger, lines } = capture();
    const cause = new Error('no mail to jane.doe@example.com');
    const error = new Error('password=hunter2 was refused', { cause });
    logger.error(
      'failed',
      pii.fields({ user_id: 'jane', error: pii.error(error), note: 'IBAN DE89370400440532013000' }),
    );
    const text = lines.join();
    expect(text).toContain(pii.pseudonym('jane'));
    for (const secret of ['jane.doe', 'hunter2', 'DE89370400440532013000', '"jane"'])
      expect(text).not.toContain(secret);
  });

  it('stays one line whatever a field holds', () => {
    const { logger, lines, last } = capture();
    logger.info('ready', pii.fields({ note: 'a\n{"level":"fatal"}\u001b[31m\r\u2028' }));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toMatch(/[\n\r\u001b]/);
    expect(last()).toMatchObject({ level: 'info', msg: 'ready' });
  });

  it('below the level is not written, and a child keeps what it was given', () => {
    const { logger, lines, last } = capture({ level: 'warn' });
    logger.info('ready');
    expect(lines).toEqual([]);
    logger.child(pii.fields({ queue: 'packs' })).error('failed');
    expect(last()).toMatchObject({ queue: 'packs', level: 'error' });
  });

  it('at warn and above is told to who wants to know', () => {
    const problems: string[] = [];
    const { logger } = capture({ onProblem: (level, message) => problems.push(`${level} ${message}`) });
    logger.info('ready');
    logger.warn('job stalled');
    logger.child(pii.fields({})).error('failed');
    expect(problems).toEqual(['warn job stalled', 'error failed']);
  });

  it('of a silent logger is none', () => {
    const write = jest.spyOn(process.stdout, 'write');
    createSilentLogger().child(pii.fields({})).error('failed');
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });
});

describe('a terminal', () => {
  it('is shown coloured words instead of JSON, without the constants', () => {
    const program = `const { createLogger, createPiiFilter } = require('@dawsos/observability');
      createLogger({ pretty: true, base: { service: 'dawsos-executor' } })
        .warn('job stalled', createPiiFilter().fields({ queue: 'patterns' }));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
      cwd: join(__dirname, '..'),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/\u001b\[\d+m/);
    expect(stdout).toMatch(/WARN.*job stalled/);
    expect(stdout).toMatch(/queue.*patterns/);
    expect(stdout).not.toContain('dawsos-executor');
  });
});

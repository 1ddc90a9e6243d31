import { defineRule, listed } from '../rule';

export const telemetryFields = defineRule({
  name: 'telemetry-fields',
  action: 'keep',
  reason: 'names and counts of our own, no client’s data',
  keys: listed(`
    trace id, span id, parent span id, run id, request id, job id, event id, pattern id,
    pricing pack id, pack id, ledger commit hash, commit, commit hash, pattern version, version,
    step index, step id, capability, agent name, agent version, queue, attempt, attempts, status,
    status code, code, error code, error type, type, level, kind, method, event, duration ms,
    elapsed ms, wait ms, timeout ms, lag ms, count, port, operations port, pid, service,
    service name, service version, environment, server address, server port, asof date,
    network peer address, network peer port, network transport, network protocol version, signal,
    http route, http request method, http response status code, db system, db operation name,
    db system name, messaging system, messaging destination name, messaging operation type,
    messaging operation name, exit code, lineno, colno, function, module, cached, retryable, size,
    length, concurrency, platform, timestamp, time, start timestamp, sdk, user agent name,
    session count, token count, account count, price count, total count, job name, queue name
  `),
});

export const uuid = defineRule({
  name: 'uuid',
  action: 'keep',
  reason: 'a random id',
  pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  hints: ['-'],
  needs: { run: 36 },
});

export const traceparent = defineRule({
  name: 'traceparent',
  action: 'keep',
  reason: 'a trace and span id',
  pattern: /\b00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\b/g,
  hints: ['00-'],
  needs: { run: 55 },
});

export const hash = defineRule({
  name: 'hash',
  action: 'keep',
  reason: 'a git commit, a trace id or a content hash',
  pattern:
    /(?<![\w+/=-])(?=[0-9]{0,15}[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{16})(?![\w+/=-])/g,
  needs: { run: 16 },
});

export const dateTime = defineRule({
  name: 'date-time',
  action: 'keep',
  reason: 'a date or time',
  pattern:
    /(?<![\d-])\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?Z| ?[+-]\d{2}:?\d{2})?)?(?![\d-])/g,
  hints: ['-'],
  needs: { digits: 8 },
});

export const packId = defineRule({
  name: 'pack-id',
  action: 'keep',
  reason: 'a pricing pack',
  pattern: /\bPP_\d{4}-\d{2}-\d{2}(?:_[A-Za-z0-9]{1,32})?\b/g,
  hints: ['pp_'],
  needs: { digits: 8 },
});

export const duration = defineRule({
  name: 'duration',
  action: 'keep',
  reason: 'a duration or a size',
  pattern:
    /(?<![\w.,'])\d{1,12}(?:\.\d{1,9})? ?(?:ns|µs|us|ms|s|sec|seconds?|minutes?|min|hours?|h|days?|[KMG]i?B|bytes?|%)(?!\w)/g,
  needs: { digits: 1 },
});

export const version = defineRule({
  name: 'version',
  action: 'keep',
  reason: 'a version or an IPv4 loopback address',
  pattern:
    /(?<![\w.])(?:v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[a-z]{1,10}(?:\.\d{1,4})?)?|v\d{1,4}\.\d{1,4}|127\.0\.0\.1)(?![\w.,]|-\d)/g,
  hints: ['.'],
  needs: { digits: 2 },
});

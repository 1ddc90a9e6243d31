import type { StepUpdate } from './run-types';

/**
 * Writes step updates for the run that `held` holds: the steps' newest state, and an event for each update,
 * numbered from `held.base` + 1. Parameters $3 to $11, see stepParameters.
 */
export const STEPS_CTE = `steps as (
    insert into run_step (run_id, step_index, attempt, status, started_at, duration_ms, cached, error_code)
    select held.run_id, u.step_index, held.attempt, u.status,
      coalesce(u.started_at, now() - coalesce(u.duration_ms, 0) * interval '1 millisecond'),
      u.duration_ms, u.cached, u.error_code
    from held, unnest($4::int[], $5::text[], $6::timestamptz[], $7::float8[], $8::bool[], $9::text[])
      as u (step_index, status, started_at, duration_ms, cached, error_code)
    on conflict (run_id, step_index) do update set attempt = excluded.attempt, status = excluded.status,
      started_at = case when run_step.attempt = excluded.attempt and run_step.started_at < excluded.started_at
        then run_step.started_at else excluded.started_at end,
      duration_ms = excluded.duration_ms, cached = excluded.cached, error_code = excluded.error_code
  ), step_events as (
    insert into run_event (run_id, seq, type, data)
    select held.run_id, held.base + e.position, e.type, e.data
    from held, unnest($10::text[], $11::json[]) with ordinality as e (type, data, position)
  )`;

/** The values of $3 to $11. */
export function stepParameters(updates: readonly StepUpdate[]): unknown[] {
  // one statement cannot write a row twice: of several updates of a step, the last one is its state
  const newest = [...new Map(updates.map((update) => [update.step_index, update])).values()];
  return [
    updates.length,
    newest.map((update) => update.step_index),
    newest.map((update) => update.status),
    newest.map((update) => update.startedAt ?? null),
    newest.map((update) => update.durationMs),
    newest.map((update) => update.cached),
    newest.map((update) => update.error_code),
    updates.map((update) => (update.status === 'running' ? 'step.started' : 'step.finished')),
    updates.map(eventData),
  ];
}

function eventData(update: StepUpdate): string {
  const started = { step_index: update.step_index, status: update.status };
  if (update.status === 'running') return JSON.stringify(started);
  return JSON.stringify({
    ...started,
    duration_ms: update.durationMs,
    cached: update.cached,
    error_code: update.error_code,
  });
}

import type { StoredSpan } from '../api/schemas';
import { renderTrace, selfTime } from './trace-tree';

const span = (id: string, parent: string | null, start: number, duration: number, more = {}): StoredSpan => ({
  trace_id: 't',
  span_id: id,
  parent_span_id: parent,
  name: id,
  kind: 'INTERNAL',
  service: 'worker',
  start_us: start,
  duration_us: duration,
  status: 'unset',
  attributes: {},
  ...more,
});

describe('a trace as a tree', () => {
  it('puts each span under its parent in order of start, with time since the beginning, duration and self time', () => {
    const lines = renderTrace(
      [
        span('late', 'root', 6_000, 1_000),
        span('root', null, 1_000, 10_000, { service: 'api' }),
        span('early', 'root', 2_000, 3_000, { status: 'error' }),
        span('leaf', 'early', 2_500, 1_000),
      ],
      120,
    );
    expect(lines.map((line) => line.replace(/ {2,}/g, '  ').trimEnd())).toEqual([
      'span  process  at  took  self',
      'root  api  0.0 ms  10.0 ms  6.0 ms',
      '├ early  worker  1.0 ms  3.0 ms  2.0 ms  error',
      '│ └ leaf  worker  1.5 ms  1.0 ms  1.0 ms',
      '└ late  worker  5.0 ms  1.0 ms  1.0 ms',
    ]);
  });

  it('counts time that two children share only once, and none after the parent has ended', () => {
    const node = (one: StoredSpan) => ({ span: one, children: [] });
    const self = selfTime({
      span: span('root', null, 0, 100),
      children: [
        node(span('a', 'root', 10, 40)),
        node(span('b', 'root', 30, 40)),
        node(span('c', 'root', 90, 500)),
      ],
    });
    expect(self).toBe(100 - 60 - 10);
  });

  it('shows a span whose parent was not stored at the top', () => {
    expect(renderTrace([span('orphan', 'elsewhere', 0, 5)], 120)).toHaveLength(2);
  });
});

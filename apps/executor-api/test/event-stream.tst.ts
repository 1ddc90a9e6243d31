import type { PiiFilter } from '@dawsos/observability';
import { describe, expect, it } from 'tstyche';
import type { EventStream } from '../src/http/server-sent-events';

declare const stream: EventStream;
declare const pii: PiiFilter;
declare const error: Error;

describe('an event of a stream', () => {
  it('tells what the filter let through', () => {
    expect(stream.send).type.toBeCallableWith({ id: 1, type: 'run.finished', data: pii.error(error) });
  });
  it('tells no error as it was thrown', () => {
    expect(stream.send).type.not.toBeCallableWith({ id: 1, type: 'run.finished', data: error });
    expect(stream.send).type.not.toBeCallableWith({
      id: 1,
      type: 'run.finished',
      data: { detail: error.message },
    });
  });
});

import type { JobWorkerOptions } from '../src';
import { describe, expect, it } from 'tstyche';
import { failedJob } from '../src/job-worker';

declare const error: Error;
declare const process: JobWorkerOptions<object>['process'];

describe('the record of a failed job', () => {
  it('holds a code of the catalogue', () => {
    expect(failedJob).type.toBeCallableWith('agent_failed');
  });
  it('holds no message, no error and no data', () => {
    expect(failedJob).type.not.toBeCallableWith(error.message);
    expect(failedJob).type.not.toBeCallableWith(error);
    expect(failedJob).type.not.toBeCallableWith({ code: 'agent_failed', data: {} });
  });
});

describe('the record of a finished job', () => {
  it('has no place for a result', () => {
    expect(process).type.toBeAssignableFrom<() => Promise<void>>();
    expect(process).type.not.toBeAssignableFrom<() => Promise<{ total_value: string }>>();
  });
});

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  DawsosError,
  ERROR_CODES,
  errorCodeReference,
  ProblemSchema,
  toDawsosError,
  toProblem,
} from './index';

describe('an error of ours', () => {
  it('becomes a problem body with its status, code, remedy and the fields that are wrong', () => {
    const error = new DawsosError('invalid_inputs', 'lookback_days must be a whole number', {
      errors: [{ pointer: '/inputs/lookback_days', detail: 'must be a whole number' }],
      extensions: { pattern_id: 'portfolio_overview' },
    });
    const problem = toProblem(error, { docsUrl: '/docs/errors', requestId: 'r1' });
    expect(ProblemSchema.parse(problem)).toEqual({
      type: '/docs/errors#invalid_inputs',
      title: ERROR_CODES.invalid_inputs.title,
      status: 400,
      detail: 'lookback_days must be a whole number',
      code: 'invalid_inputs',
      retryable: false,
      remedy: ERROR_CODES.invalid_inputs.remedy,
      request_id: 'r1',
      errors: [{ pointer: '/inputs/lookback_days', detail: 'must be a whole number' }],
      pattern_id: 'portfolio_overview',
    });
  });

  it('tells telemetry of a client’s mistake by its title alone: its message cites what was sent', () => {
    const theirs = new DawsosError('invalid_inputs', 'Quillon is no commodity');
    expect(theirs.telemetryMessage).toBe(ERROR_CODES.invalid_inputs.title);
    expect(new DawsosError('internal_error', 'the pack is not there').telemetryMessage).toBeUndefined();
  });

  it('cannot be overruled by its extensions', () => {
    const error = new DawsosError('not_found', 'nothing here', { extensions: { status: 200, code: 'fine' } });
    expect(toProblem(error, { docsUrl: '/docs' })).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('hides a foreign error behind internal_error and keeps it as the cause', () => {
    const cause = new Error('password=hunter2');
    const error = toDawsosError(cause);
    expect(error).toMatchObject({ code: 'internal_error', cause });
    expect(error.message).not.toContain('hunter2');
  });
});

describe('the table of error codes', () => {
  it('is documented as it is (npm run docs writes the page)', () => {
    const page = readFileSync(resolve(__dirname, '../../../docs/error-codes.md'), 'utf8');
    expect(page).toBe(errorCodeReference());
  });
});

import { DawsosError } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import { CliError, describeError, errorAsJson, exitCodeOf } from './cli-error';

describe('a fault told to a person', () => {
  it('says cause, fix and log', () => {
    const error = new CliError('it broke', EXIT.unavailable, {
      cause: 'why\nmore',
      fix: 'do this',
      log: '/l',
    });
    expect(describeError(error, false)).toEqual([
      'dawsos: it broke',
      '  cause  why\n         more',
      '  fix    do this',
      '  log    /l',
    ]);
    expect(exitCodeOf(error)).toBe(69);
  });

  it("gives a service's error its code, its fields and the code's exit code", () => {
    const error = new DawsosError('pack_not_fresh', 'PP_2025-10-22 is warming.', {
      errors: [{ pointer: '/asof_date', detail: 'is too new' }],
    });
    expect(describeError(error, false)).toEqual([
      'dawsos: PP_2025-10-22 is warming.',
      '         /asof_date is too new',
      expect.stringMatching(/^ {2}fix {4}Build the pack .*"dawsos packs build"/) as unknown,
      '  code   pack_not_fresh',
    ]);
    expect(exitCodeOf(error)).toBe(75);
  });

  it('does not say twice what the message says', () => {
    const error = new DawsosError('invalid_inputs', '/inputs/tax_year is required', {
      errors: [{ pointer: '/inputs/tax_year', detail: 'is required' }],
    });
    expect(describeError(error, false).filter((line) => line.includes('tax_year'))).toHaveLength(1);
  });

  it('calls anything else a fault of ours, with the stack only when asked for', () => {
    expect(exitCodeOf(new TypeError('x'))).toBe(70);
    expect(describeError(new TypeError('x'), false).join('\n')).not.toContain('cli-error.test');
    expect(describeError(new TypeError('x'), true).join('\n')).toContain('cli-error.test');
  });

  it('writes out control characters of whatever text it carries', () => {
    const error = new CliError('a \u001b[2J\u009bK b', EXIT.badData, { cause: 'one\ntwo\u202e' });
    expect(describeError(error, false)).toEqual([
      'dawsos: a \\u001b[2J\\u009bK b',
      '  cause  one\n         two\\u202e',
    ]);
  });

  it('is JSON for programs, with its code and its exit code', () => {
    expect(errorAsJson(new CliError('it broke', EXIT.unavailable, { fix: 'do this' }))).toEqual({
      error: { code: null, message: 'it broke', cause: null, fix: 'do this', log: null, exit_code: 69 },
    });
    const invalid = new DawsosError('invalid_inputs', 'x', { errors: [{ pointer: '/a', detail: 'b' }] });
    expect(errorAsJson(invalid)).toMatchObject({
      error: { code: 'invalid_inputs', exit_code: 65, errors: [{ pointer: '/a', detail: 'b' }] },
    });
  });
});

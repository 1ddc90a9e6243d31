import { DawsosError } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import { CliError, describeError, exitCodeOf } from './cli-error';

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
      '  fix    Build the pack named in the detail, or wait.',
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
});

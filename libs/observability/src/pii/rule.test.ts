import { createPiiFilter } from './filter';
import { defineRule } from './rule';

const ticket = defineRule({
  name: 'ticket',
  action: 'redact',
  reason: 'a ticket of the help desk',
  keys: ['ticket number'],
  pattern: /\bHD-\d{4}\b/,
  hints: ['hd-'],
  needs: { digits: 4 },
});

describe('a rule of one’s own', () => {
  it('goes before the built-in ones, by name and by what it looks like, wherever it occurs', () => {
    const pii = createPiiFilter({ rules: [ticket] });
    expect(pii.fields({ ticketNumber: 'x', note: 'see HD-1234 and HD-5678' })).toEqual({
      ticketNumber: '[REDACTED]',
      note: 'see [REDACTED] and [REDACTED]',
    });
    expect(createPiiFilter().text('see HD-1234')).toBe('see HD-1234');
  });

  it('can keep what a built-in rule would take', () => {
    const open = defineRule({
      name: 'open',
      action: 'keep',
      reason: 'ours',
      keys: ['fee'],
      pattern: /\bFEE \d{8}\b/,
    });
    const pii = createPiiFilter({ rules: [open] });
    expect(pii.fields({ fee: 12.5, note: 'FEE 12345678' })).toEqual({ fee: 12.5, note: 'FEE 12345678' });
    expect(createPiiFilter().fields({ fee: 12.5 })).toEqual({ fee: '[REDACTED]' });
  });

  it('can make pseudonyms of one group of its pattern', () => {
    const desk = defineRule({
      name: 'desk',
      action: 'pseudonym',
      reason: 'ours',
      pattern: /desk <(\w{1,20})>/g,
      group: 1,
    });
    const pii = createPiiFilter({ rules: [desk] });
    expect(pii.text('desk <alice>')).toBe(`desk <${pii.pseudonym('alice')}>`);
  });

  it('is told by the report, with its reason', () => {
    expect(createPiiFilter({ rules: [ticket] }).report({ a: ['HD-1234'] })).toEqual([
      {
        path: '$.a[0]',
        action: 'redact',
        rule: 'ticket',
        reason: 'a ticket of the help desk',
        found: 'HD-1234',
      },
    ]);
  });

  it.each([
    ['finds nothing', {}, /neither keys nor a pattern/],
    ['is sticky', { pattern: /x/y }, /flag y/],
    ['repeats without a bound', { pattern: /x+/ }, /without a bound/],
    ['repeats without a bound, by number', { pattern: /(?:ab){2,}/ }, /\{0,64\}/],
    ['has a hint in capitals', { pattern: /X/, hints: ['X'] }, /lower case/],
  ])('is refused where it %s', (_, options, reason) => {
    expect(() => defineRule({ name: 'mine', action: 'redact', reason: 'mine', ...options })).toThrow(reason);
  });

  it.each([/a\+b/, /[+*]{1,3}/, /[\]+]/, /x{1,64}/, /x?/])('may be written as %s', (pattern) => {
    expect(() => defineRule({ name: 'mine', action: 'redact', reason: 'mine', pattern })).not.toThrow();
  });
});

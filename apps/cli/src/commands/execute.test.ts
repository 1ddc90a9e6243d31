import { parseInput } from './execute';

describe('an input on the command line', () => {
  it.each([
    ['lookback_days=252', 'lookback_days', 252],
    ['name=growth', 'name', 'growth'],
    ['code="12"', 'code', '12'],
    ['tags=["a","b"]', 'tags', ['a', 'b']],
    ['formula=a=b', 'formula', 'a=b'],
    ['empty=', 'empty', ''],
  ])('reads %s', (text, name, value) => {
    expect(parseInput(text)).toEqual([name, value]);
  });

  it.each([
    ['rate=0.03', '0.03'],
    ['rate="0.03"', '0.03'],
    ['rate=null', null],
    ['code=12', '12'],
    ['days=12', 12],
    ['other=12', 12],
  ])('sends %s as the pattern takes it', (text, value) => {
    const types = { rate: { type: 'decimal' }, code: { type: 'string' }, days: { type: 'integer' } };
    expect(parseInput(text, types)[1]).toBe(value);
  });

  it('says how to write one that has no name', () => {
    expect(() => parseInput('=5')).toThrow('--input =5 is not name=value');
  });
});

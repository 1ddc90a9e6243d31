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

  it('says how to write one that has no name', () => {
    expect(() => parseInput('=5')).toThrow('--input =5 is not name=value');
  });
});

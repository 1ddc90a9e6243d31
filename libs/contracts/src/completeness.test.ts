import { isComplete } from './completeness';

describe('a run', () => {
  it('is complete where no result states a gap, or only what was not asked for', () => {
    const gaps = [
      { figure: 'sharpe', code: 'input_missing', detail: 'no risk_free_rate was given' },
      { figure: 'twr_annualised', code: 'under_a_year', detail: '30 days' },
    ];
    expect(isComplete({ perf_metrics: { twr: '0.1', gaps }, mwr: { gaps: [] }, skipped: null })).toBe(true);
  });

  it('is not where a figure is a gap, in a result or in what it rests on', () => {
    const gaps = [{ figure: 'value', code: 'price_missing', detail: 'ABC' }];
    expect(isComplete({ positions: { total_value: null, gaps } })).toBe(false);
    expect(isComplete({ historical_nav: { measurement: { gaps } } })).toBe(false);
  });
});

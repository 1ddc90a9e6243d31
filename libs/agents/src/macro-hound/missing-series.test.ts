import { smallWorld } from '../financial-analyst/__fixtures__/small-world';

const WINDOW = { window_months: 120, minimum_months: 60, publication_lag_days: 20 };

describe('where no source of macro series is set up', () => {
  it('the regime is a gap for each series, and the step does not fail', async () => {
    const world = await smallWorld('', '2024-06-30');
    const result = await world('macro.detect_regime', {
      growth_series: 'INDPRO',
      inflation_series: 'CPIAUCSL',
      ...WINDOW,
    });
    expect(result).toMatchObject({
      regime: null,
      dimensions: [],
      history: [],
      gaps: [
        { figure: 'growth (INDPRO)', code: 'series_not_found', needs: ['INDPRO'] },
        { figure: 'inflation (CPIAUCSL)', code: 'series_not_found', needs: ['CPIAUCSL'] },
      ],
    });
  });

  it('indicators and signals are gaps too', async () => {
    const world = await smallWorld('', '2024-06-30');
    await expect(
      world('macro.get_indicators', { series: [{ id: 'UNRATE', measure: 'level' }], ...WINDOW }),
    ).resolves.toMatchObject({ indicators: [], gaps: [{ figure: 'UNRATE', code: 'series_not_found' }] });
    await expect(
      world('macro.recession_signals', {
        unemployment_series: 'UNRATE',
        curve_series: 'T10Y2YM',
        publication_lag_days: 20,
      }),
    ).resolves.toMatchObject({
      signals: [],
      gaps: [{ code: 'series_not_found' }, { code: 'series_not_found' }],
    });
  });
});

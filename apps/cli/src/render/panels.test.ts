import type { Panel } from '@dawsos/contracts';
import { renderResult } from './panels';

const renderPanels = (panels: Panel[], data: unknown) => renderResult({ panels }, data);

const DATA = {
  perf: { twr: '0.0731', period: { start: '2025-01-01' }, gaps: [] },
  held: {
    positions: [
      { commodity: 'AAA', value: '1234.5' },
      { commodity: 'B', value: null },
    ],
  },
};

describe('a result as its pattern presents it', () => {
  it('shows figures with their titles and formats', () => {
    const lines = renderPanels(
      [
        {
          id: 'p',
          kind: 'metrics',
          title: 'Performance',
          source: 'perf',
          columns: [
            { field: 'period.start', title: 'From', format: 'date' },
            { field: 'twr', title: 'Return', format: 'percent' },
          ],
        },
      ],
      DATA,
    );
    expect(lines).toEqual(['Performance', '  From    2025-01-01', '  Return  7.31 %', '']);
  });

  it('shows rows as a table with numbers to the right', () => {
    const lines = renderPanels(
      [
        {
          id: 'h',
          kind: 'table',
          title: 'Holdings',
          source: 'held.positions',
          columns: [
            { field: 'commodity', title: 'Symbol' },
            { field: 'value', title: 'Value', format: 'money' },
          ],
        },
      ],
      DATA,
    );
    expect(lines).toEqual([
      'Holdings',
      '  Symbol     Value',
      '  ──────  ────────',
      '  AAA     1,234.50',
      '  B              –',
      '',
    ]);
  });

  it('leaves charts, and what is not in the result, to others', () => {
    expect(
      renderPanels(
        [
          { id: 'c', kind: 'line', title: 'Chart', source: 'perf' },
          { id: 'n', kind: 'table', title: 'None', source: 'nowhere.rows' },
        ],
        DATA,
      ),
    ).toEqual([]);
  });
});

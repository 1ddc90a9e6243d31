import { pick } from './pick';

test('a path follows names and indices, and never into a prototype', () => {
  expect(pick({ held: { rows: [{ symbol: 'AAA' }] } }, 'held.rows[0].symbol')).toBe('AAA');
  expect(pick({ held: {} }, 'held.constructor.name')).toBeUndefined();
});

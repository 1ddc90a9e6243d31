import { createRandom } from './random.mjs';

/** Monthly series in the format of FRED's CSV files. The ids are FRED's, the figures are drawn: nothing was measured. */
const FIRST = { year: 2010, month: 1 };
const MONTHS = 189; // to September 2025

const SERIES = [
  { id: 'CPIAUCSL', first: 217, places: 3, drift: 0.024, volatility: 0.007, cycle: 0.012, phase: 0.4 },
  { id: 'INDPRO', first: 91, places: 4, drift: 0.011, volatility: 0.016, cycle: 0.03, phase: 0.0 },
];
const LEVELS = [
  { id: 'UNRATE', places: 1, middle: 5.4, swing: 1.6, noise: 0.08, phase: 0.5, missing: ['2013-10-01'] },
  { id: 'T10Y2YM', places: 2, middle: 0.9, swing: 1.1, noise: 0.09, phase: 0.7, missing: [] },
];
const CYCLE_MONTHS = 92;

export function macroFiles() {
  const files = new Map();
  for (const series of SERIES) files.set(fileOf(series.id), csv(series.id, growing(series)));
  for (const series of LEVELS) files.set(fileOf(series.id), csv(series.id, swinging(series)));
  return files;
}

const fileOf = (id) => `market/macro/example-macro/${id}.csv`;

function csv(id, values) {
  return `observation_date,${id}\n${values.map((value, index) => `${dayOf(index)},${value}\n`).join('')}`;
}

function dayOf(index) {
  const months = FIRST.year * 12 + FIRST.month - 1 + index;
  return `${String(Math.floor(months / 12))}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}

/** A triangle wave from -1 to 1: sums and products alone, so that every machine draws the same. */
function wave(index, phase) {
  const at = (index / CYCLE_MONTHS + phase) % 1;
  return at < 0.5 ? 4 * at - 1 : 3 - 4 * at;
}

function growing({ id, first, places, drift, volatility, cycle, phase }) {
  const random = createRandom(`dawsos example ${id}`);
  let value = first;
  return Array.from({ length: MONTHS }, (_, index) => {
    if (index > 0) value *= 1 + (drift + cycle * wave(index, phase) + volatility * random.normal()) / 12;
    return value.toFixed(places);
  });
}

function swinging({ id, places, middle, swing, noise, phase, missing }) {
  const random = createRandom(`dawsos example ${id}`);
  return Array.from({ length: MONTHS }, (_, index) => {
    const value = middle + swing * wave(index, phase) + noise * random.normal();
    return missing.includes(dayOf(index)) ? '' : value.toFixed(places);
  });
}

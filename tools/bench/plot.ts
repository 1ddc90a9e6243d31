import { medianOf, ratioOf, type Section } from './figures.ts';

/** What was measured and what it should be: at least the goal, or below it. */
interface Bar {
  readonly section: string;
  readonly what: string;
  readonly measured: number;
  readonly goal: number;
  readonly isFloor: boolean;
}

const WIDTH = 900;
const LEFT = 24;
/** Where the goal of every bar lies; a bar of twice the goal or more is cut off, its number says how long it is. */
const GOAL_AT = 400;
const MOST = 2;
const TOP = 36;
const ROW = 46;
const BAR_HEIGHT = 14;
const REACHED = '#2f7d4f';
const MISSED = '#b4532a';
const TEXT = '#24292f';

/** docs/benchmarks.svg: a bar for each figure that has a goal, as long as it is in goals; those not measured are left out. */
export function plot(sections: readonly Section[]): string {
  const bars = sections.flatMap(barsOf).filter(({ measured }) => Number.isFinite(measured));
  const height = TOP + bars.length * ROW + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="${TEXT}" role="img" aria-labelledby="title">`,
    '  <title id="title">Measured figures against their goals</title>',
    `  <rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `  <text x="${LEFT}" y="22" font-size="15" font-weight="600">Measured against goal (the mark on each bar)</text>`,
    ...bars.flatMap(barLines),
    '</svg>',
    '',
  ].join('\n');
}

function barsOf(section: Section): Bar[] {
  const ratios = [...(section.ratio === undefined ? [] : [section.ratio]), ...(section.moreRatios ?? [])];
  return [
    ...ratios.flatMap((ratio) => {
      const goal = ratio.atLeast ?? ratio.below;
      if (goal === undefined) return [];
      const what = `${ratio.of} : ${ratio.to}`;
      const isFloor = ratio.atLeast !== undefined;
      return [{ section: section.title, what, measured: ratioOf(section, ratio), goal, isFloor }];
    }),
    ...(section.goals ?? []).map(({ of, below }) => ({
      section: section.title,
      what: `${of}, ${section.unit}`,
      measured: medianOf(section, of),
      goal: below,
      isFloor: false,
    })),
  ];
}

function barLines({ section, what, measured, goal, isFloor }: Bar, index: number): string[] {
  const y = TOP + index * ROW;
  const inGoals = measured / goal;
  const length = Math.max(2, Math.round(Math.min(inGoals, MOST) * GOAL_AT));
  const isReached = isFloor ? measured >= goal : measured < goal;
  const verdict = `${figure(measured)} (goal: ${isFloor ? 'at least' : 'under'} ${figure(goal)}; ${isReached ? 'reached' : 'missed'})`;
  return [
    `  <text x="${LEFT}" y="${y + 14}"><tspan font-weight="600">${escaped(section)}:</tspan> ${escaped(what)} = ${verdict}</text>`,
    `  <rect x="${LEFT}" y="${y + 20}" width="${length}" height="${BAR_HEIGHT}" fill="${isReached ? REACHED : MISSED}"/>`,
    `  <line x1="${LEFT + GOAL_AT}" x2="${LEFT + GOAL_AT}" y1="${y + 18}" y2="${y + 36}" stroke="${TEXT}" stroke-width="2"/>`,
  ];
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

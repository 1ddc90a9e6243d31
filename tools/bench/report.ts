import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { median, medianOf, ratioOf, type Section } from './figures.ts';

/**
 * docs/benchmarks.md: the sections' tables with ratios, and the machine that they were measured on; `busy` is its load
 * average before the measurements, which says how much else it did.
 */
export function report(sections: readonly Section[], date: string, busy: number): string {
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench`. What is compared runs in one session, in turns; machines are noisy, so read the ratios.',
    '',
    `${machine()}; load average before the start ${busy.toFixed(1)}; ${date}; commit ${commit()}.`,
    '',
    '![The figures that have a goal, measured against it](benchmarks.svg)',
    '',
    ...sections.flatMap(sectionLines),
  ].join('\n');
}

function sectionLines(section: Section): string[] {
  const rows = section.series.map(({ name, samples }) => {
    const figures = [median(samples), Math.min(...samples), Math.max(...samples)].map(significant);
    return `| ${name} | ${figures.join(' | ')} | ${samples.length} |`;
  });
  return [
    `## ${section.title}`,
    '',
    section.about,
    '',
    `| variant | median ${section.unit} | least | most | samples |`,
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...verdicts(section),
    '',
    ...(section.limit === '' ? [] : [section.limit, '']),
  ];
}

/** What is compared with its goal, a line each. */
function verdicts(section: Section): string[] {
  const ratios = [...(section.ratio === undefined ? [] : [section.ratio]), ...(section.moreRatios ?? [])];
  return [
    ...ratios.map((ratio) => {
      const figure = ratioOf(section, ratio);
      const measured = Number.isNaN(figure) ? 'not measured' : figure.toFixed(2);
      return `- **${ratio.of} : ${ratio.to} = ${measured}** (goal: ${ratio.goal})`;
    }),
    ...(section.goals ?? []).map(({ of, below }) => {
      const figure = medianOf(section, of);
      return `- **${of}: ${significant(figure)} ${section.unit}** (goal: under ${String(below)}; ${figure < below ? 'reached' : 'missed'})`;
    }),
  ];
}

function significant(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GiB, Node ${process.version}`;
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

import type { PatternInput } from '@dawsos/contracts';

export interface ShownPattern {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly inputs?: Readonly<Record<string, PatternInput>> | undefined;
}

/** A pattern as lines: what it answers, its inputs, and a command that runs it. */
export function renderPattern({
  id = '',
  name = '',
  version = '',
  description = '',
  inputs = {},
}: ShownPattern): readonly string[] {
  const entries = Object.entries(inputs);
  const width = Math.max(...entries.map(([input]) => input.length));
  const listed = entries.flatMap(([input, declared]) => [
    `  ${input.padEnd(width)}  ${typeText(declared)}; ${defaultText(declared)}`,
    ...wrapped(declared.description ?? '', LINE_WIDTH - width - 4).map(
      (line) => `${' '.repeat(width + 4)}${line}`,
    ),
  ]);
  const given = entries.filter(([, { required }]) => required === true);
  const shown = (given.length > 0 ? given : entries.slice(0, 1)).map(
    ([input, declared]) => ` -i ${input}=${exampleOf(declared)}`,
  );
  return [
    `${id} ${version}  ${name}`,
    description,
    '',
    ...(entries.length === 0 ? ['It takes no inputs.'] : ['Inputs', ...listed]),
    '',
    'Example',
    `  dawsos execute ${id} --portfolio all${shown.join('')} --wait`,
  ];
}

function typeText({ type, unit, enum: choices, minimum, maximum }: PatternInput): string {
  const words = [
    unit === 'fraction' ? 'fraction (0.03 is 3 %)' : type,
    ...(choices === undefined
      ? []
      : [
          `one of ${choices.map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice))).join(', ')}`,
        ]),
    ...(minimum === undefined ? [] : [`at least ${String(minimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${String(maximum)}`]),
  ];
  return words.join(', ');
}

function defaultText({ default: value, required }: PatternInput): string {
  if (value !== undefined) return `default ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  return required === true ? 'required' : 'no default';
}

const LINE_WIDTH = 100;

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function exampleOf({
  type,
  unit,
  enum: choices,
  default: value,
  minimum,
  description,
}: PatternInput): string {
  const quoted = /such as (\[.*?\}\]|\S+?)[;,.]? /i.exec(`${description ?? ''} `)?.[1];
  if (type === 'array' || type === 'object') return `'${quoted ?? (type === 'array' ? '[]' : '{}')}'`;
  const choice = value ?? choices?.[0];
  if (choice !== undefined) return typeof choice === 'string' ? choice : JSON.stringify(choice);
  if (unit === 'fraction') return '0.03';
  if (type === 'date') return '2025-06-30';
  if (type === 'integer' || type === 'number' || type === 'decimal') return String(minimum ?? 1);
  return quoted?.replaceAll('"', '') ?? 'TEXT';
}

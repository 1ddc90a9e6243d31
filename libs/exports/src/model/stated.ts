import type { Panel } from '@dawsos/contracts';
import { humanised, isRecord } from './printed';

/** A figure that a result does not tell, and why. */
export interface StatedGap {
  readonly figure: string;
  readonly reason: string;
  readonly remedy: string;
}

/** By which convention a figure is made, in the words that stand with it. */
export interface StatedMethod {
  readonly figure: string;
  /** It is about the whole result, as its period is, and not about one figure. */
  readonly isShared: boolean;
  readonly method: string;
}

type Titles = (path: readonly string[]) => string;

/** Every gap, wherever it stands in the result: a list named `gaps`, or a `gap` in a figure's place. */
export function gapsOf(figures: Readonly<Record<string, unknown>>, titles: Titles): readonly StatedGap[] {
  const gaps = new Map<string, StatedGap>();
  visit(figures, [], (record, path) => {
    const { gaps: list, gap } = record;
    for (const stated of [...(Array.isArray(list) ? (list as readonly unknown[]) : []), gap]) {
      if (!isRecord(stated) || typeof stated['code'] !== 'string') continue;
      const found = gapOf(stated, path, titles);
      gaps.set(JSON.stringify(found), found);
    }
  });
  return [...gaps.values()];
}

function gapOf(
  stated: Readonly<Record<string, unknown>>,
  path: readonly string[],
  titles: Titles,
): StatedGap {
  const text = (name: string): string | null => {
    const value = stated[name];
    if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(', ');
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const named = text('figure');
  const row = text('row') ?? text('commodity');
  const figure = titles(named === null ? path : [...path, named]);
  const detail = text('reason') ?? text('detail');
  const code = text('code') ?? '';
  return {
    figure: row === null || row === named ? figure : `${figure}, ${row}`,
    reason: detail === null ? code : `${code}: ${detail}`,
    remedy: text('remedy') ?? text('needs') ?? '',
  };
}

/** What figures share, such as their period, is not of one of them. */
const SHARED: ReadonlySet<string> = new Set(['period', 'scope', 'observations', 'rounding', 'prices']);

/** Every `method`, `methods` and `conventions`, wherever it stands in the result. */
export function methodsOf(
  figures: Readonly<Record<string, unknown>>,
  titles: Titles,
): readonly StatedMethod[] {
  const methods = new Map<string, StatedMethod>();
  const add = (path: readonly string[], value: unknown, isShared = false): void => {
    const method = methodText(value);
    if (method === null) return;
    const figure = titles(path);
    methods.set(`${figure}\n${method}`, { figure, method, isShared });
  };
  visit(figures, [], (record, path) => {
    const stated = [record['methods'], record['conventions']].filter(isRecord);
    if (stated.length === 0) add(path, record['method']);
    for (const several of stated) {
      for (const [name, value] of Object.entries(several)) {
        if (SHARED.has(name)) add([name], value, true);
        else add([...path, name], value);
      }
    }
  });
  return [...methods.values()];
}

/** Every note beside figures, each once. */
export function notesOf(figures: Readonly<Record<string, unknown>>): readonly string[] {
  const notes = new Set<string>();
  visit(figures, [], ({ notes: stated }) => {
    if (!Array.isArray(stated)) return;
    for (const note of stated as readonly unknown[]) {
      const text = isRecord(note) ? note['note'] : note;
      if (typeof text === 'string' && text !== '') notes.add(text);
    }
  });
  return [...notes];
}

function methodText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  if (!isRecord(value)) return null;
  const parts = Object.values(value).filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join('; ');
}

const STATEMENTS: ReadonlySet<string> = new Set(['gaps', 'gap', 'methods', 'conventions', 'notes']);

/** Rows of a list stand for one another: they are of one kind and say the same of how they are made. */
function visit(
  value: unknown,
  path: readonly string[],
  see: (record: Readonly<Record<string, unknown>>, path: readonly string[]) => void,
): void {
  if (Array.isArray(value)) {
    for (const member of value as readonly unknown[]) {
      if (!isRecord(member)) return;
      visit(member, path, see);
    }
  } else if (isRecord(value)) {
    see(value, path);
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'object' && !STATEMENTS.has(key)) visit(member, [...path, key], see);
    }
  }
}

/** What a figure is called in the pattern's panels, by its path; else its own name. */
export function titlesOf(panels: readonly Panel[]): Titles {
  const titles = new Map<string, string>();
  for (const { source, title, columns } of panels) {
    titles.set(source, title);
    for (const column of columns ?? []) titles.set(`${source}.${column.field}`, column.title);
  }
  return (path) => {
    const own = path.at(-1) ?? '';
    const title = titles.get(path.join('.'));
    if (title === undefined) return humanised(own);
    const panel = titles.get(path.slice(0, -1).join('.'));
    return panel === undefined || /^[A-Z]/.test(title) ? title : `${panel}, ${title}`;
  };
}

/** The path's first name, which is a figure's. */
export const figureOf = (source: string): string => /^\w+/.exec(source)?.[0] ?? source;

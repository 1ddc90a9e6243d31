import { styleText } from 'node:util';
import { escapeAllButColours, escapeControls } from './escape-controls';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: data to `print`, words for people to `note`. Nothing else writes to the streams. */
export interface Terminal {
  /** True when a person watches stderr: only then may a line be drawn over. */
  readonly interactive: boolean;
  readonly width: number;
  print(text: string): void;
  json(value: unknown): void;
  note(text: string): void;
  /** Draws `text` over the current line of stderr; does nothing off a terminal. */
  redraw(text: string): void;
  /** Styled for stdout, plain when colour is off (NO_COLOR, TERM=dumb, not a terminal). */
  style(style: Style, text: string): string;
  styleNote(style: Style, text: string): string;
}

export interface TerminalStreams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const DEFAULT_WIDTH = 100;
const CLEAR_LINE = '\r\u001b[2K';

export function createTerminal({ stdout, stderr, environment }: TerminalStreams): Terminal {
  const interactive = stderr.isTTY && environment['TERM'] !== 'dumb' && !environment['CI'];
  let drawn = false;

  function clear(): void {
    if (drawn) stderr.write(CLEAR_LINE);
    drawn = false;
  }

  return {
    interactive,
    width: stdout.isTTY ? stdout.columns : DEFAULT_WIDTH,
    print(text) {
      clear();
      stdout.write(`${escapeAllButColours(text)}\n`);
    },
    json(value) {
      clear();
      stdout.write(`${escapeControls(JSON.stringify(value, null, 2))}\n`);
    },
    note(text) {
      clear();
      stderr.write(`${escapeAllButColours(text)}\n`);
    },
    redraw(text) {
      if (!interactive) return;
      stderr.write(CLEAR_LINE + text);
      drawn = true;
    },
    style: (style, text) => styleText(style, text, { stream: stdout }),
    styleNote: (style, text) => styleText(style, text, { stream: stderr }),
  };
}

import type { Terminal } from './terminal';

export interface Progress {
  /** Shows `label` while `work` runs, then one line with what it came to and how long it took. */
  step<T>(label: string, work: () => Promise<{ value: T; detail: string }>): Promise<T>;
}

const LABEL_WIDTH = 12;
const DETAIL_WIDTH = 64;

export function createProgress(terminal: Terminal, now: () => number): Progress {
  const elapsed = (since: number) => `${((now() - since) / 1000).toFixed(1)} s`.padStart(7);
  return {
    async step(label, work) {
      const started = now();
      const name = label.padEnd(LABEL_WIDTH);
      const draw = () => terminal.redraw(`  … ${name}${' '.repeat(DETAIL_WIDTH)}${elapsed(started)}`);
      draw();
      const ticker = terminal.interactive ? setInterval(draw, 100) : undefined;
      try {
        const { value, detail } = await work();
        clearInterval(ticker);
        const mark = terminal.styleNote('green', '✓');
        terminal.note(`  ${mark} ${name}${detail.padEnd(DETAIL_WIDTH)}${elapsed(started)}`);
        return value;
      } catch (error) {
        clearInterval(ticker);
        terminal.note(`  ${terminal.styleNote('red', '✗')} ${name}failed`);
        throw error;
      }
    },
  };
}

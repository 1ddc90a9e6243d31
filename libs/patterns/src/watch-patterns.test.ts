import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchPatterns, type WatchedPatterns } from './watch-patterns';

const CAPABILITIES = { has: () => true, names: () => [] };
const patternText = (id: string, name = id) =>
  JSON.stringify({
    id,
    version: '1.0.0',
    name,
    description: id,
    steps: [{ id: 'a', capability: 'ledger.positions', as: 'a' }],
    outputs: ['a'],
  });

describe('patterns that are watched', () => {
  let dir: string;
  let watched: WatchedPatterns;
  let events: AsyncQueue<readonly string[] | Error>;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'dawsos patterns '));
    await writeFile(join(dir, 'a.json'), patternText('alpha'));
    events = queue();
    watched = await watchPatterns(dir, CAPABILITIES, {
      intervalMs: 5,
      onReload: (ids) => events.push(ids),
      onFault: (error) => events.push(error as Error),
    });
  });
  afterEach(async () => {
    watched.close();
    await rm(dir, { recursive: true });
  });

  it('are loaded anew when a file comes, changes or goes', async () => {
    await writeFile(join(dir, 'b.json'), patternText('beta'));
    expect(await events.next()).toEqual(['alpha', 'beta']);
    await writeFile(join(dir, 'a.json'), patternText('alpha', 'another name'));
    expect(await events.next()).toEqual(['alpha', 'beta']);
    expect(watched.catalog.get('alpha')?.definition.name).toBe('another name');
    await rm(join(dir, 'b.json'));
    expect(await events.next()).toEqual(['alpha']);
  });

  it('stay as they were while a file is not valid', async () => {
    await writeFile(join(dir, 'b.json'), '{ nonsense');
    expect(await events.next()).toMatchObject({ code: 'pattern_invalid' });
    expect(watched.catalog.ids()).toEqual(['alpha']);
    await writeFile(join(dir, 'b.json'), patternText('beta'));
    expect(await events.next()).toEqual(['alpha', 'beta']);
  });
});

interface AsyncQueue<T> {
  push(item: T): void;
  next(): Promise<T>;
}

function queue<T>(): AsyncQueue<T> {
  const items: T[] = [];
  let wake: (() => void) | undefined;
  return {
    push(item) {
      items.push(item);
      wake?.();
    },
    async next() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) return item;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

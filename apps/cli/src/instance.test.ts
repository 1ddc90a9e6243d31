import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInstance, type Instance } from './instance';
import { identifyProcess } from './supervisor/process-identity';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dawsos instances '));
});
afterEach(() => rmSync(folder, { recursive: true }));

const own = identifyProcess(process.pid)?.started ?? '';
function serve(data: string, ledger: string, started = own): void {
  mkdirSync(join(folder, data), { recursive: true });
  const instance: Instance = {
    pid: process.pid,
    process_started: started,
    started_at: '2025-10-22T08:00:00.000Z',
    api_url: 'http://127.0.0.1:8080',
    database_url: 'postgresql://localhost/d',
    queue_engine: 'postgres',
    redis_url: null,
    ledger,
    settings: {},
    secrets: [],
    processes: [],
  };
  writeFileSync(join(folder, data, 'instance.json'), JSON.stringify(instance));
}
const find = (named?: string) =>
  findInstance({
    root: folder,
    data: join(folder, named ?? 'data'),
    isNamed: named !== undefined,
    booksFolder: join(folder, 'books'),
  })?.ledger;

describe('the instance that a command works on', () => {
  it('is the one that serves from this project, of the example or of books', () => {
    expect(find()).toBeUndefined();
    serve('books/mine', '/mine');
    expect(find()).toBe('/mine');
  });

  it('is the one whose data folder is named', () => {
    serve('data', 'example');
    serve('books/mine', '/mine');
    expect(find('books/mine')).toBe('/mine');
    expect(find('elsewhere')).toBeUndefined();
  });

  it('is none of several without a name, and that is said with their names', () => {
    serve('data', 'example');
    serve('books/mine', '/mine');
    expect(() => find()).toThrow('several dawsos run here');
  });

  it('is not one that was killed, though its file is there and its number is used again', () => {
    serve('data', 'example', 'another time');
    serve('books/mine', '/mine');
    expect(find()).toBe('/mine');
  });
});

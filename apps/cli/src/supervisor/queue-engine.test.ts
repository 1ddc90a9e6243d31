import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseQueue } from './queue-engine';

describe('the engine of the queue', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dawsos-path-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const install = (name: string) => {
    const file = join(folder, name);
    writeFileSync(file, '');
    chmodSync(file, 0o755);
    return file;
  };

  it('is the Redis of REDIS_URL first', () => {
    install('redis-server');
    expect(chooseQueue({ REDIS_URL: 'redis://localhost:1', PATH: folder }, undefined)).toEqual({
      engine: 'redis',
      url: 'redis://localhost:1',
      reason: 'REDIS_URL is set',
    });
  });

  it('else a private redis-server, else a valkey-server', () => {
    const valkey = install('valkey-server');
    expect(chooseQueue({ PATH: folder }, undefined)).toMatchObject({ engine: 'redis', server: valkey });
    const redis = install('redis-server');
    expect(chooseQueue({ PATH: folder }, undefined)).toMatchObject({ engine: 'redis', server: redis });
  });

  it('else PostgreSQL, and says why', () => {
    expect(chooseQueue({ PATH: folder }, undefined)).toEqual({
      engine: 'postgres',
      reason: 'no redis-server or valkey-server on PATH, and no REDIS_URL',
    });
  });

  it('can be forced, and says what is missing when it cannot', () => {
    install('redis-server');
    expect(chooseQueue({ PATH: folder }, 'postgres').engine).toBe('postgres');
    expect(() => chooseQueue({ PATH: '' }, 'redis')).toThrow('there is no Redis to run the queue on');
  });
});

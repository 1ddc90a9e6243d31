import { requireKeysBeyondOneMachine } from './require-keys';

describe('a worker without keys', () => {
  it.each([
    'postgresql://dawsos:secret@127.0.0.1:5432/dawsos',
    'postgresql://localhost/dawsos',
    'postgres://dawsos@[::1]:5432/dawsos',
    'postgresql:///dawsos?host=/var/run/postgresql',
  ])('starts on the database of its own machine: %s', (url) => {
    expect(() => requireKeysBeyondOneMachine(url, undefined)).not.toThrow();
  });

  it.each([
    'postgresql://dawsos:secret@postgres:5432/dawsos',
    'postgresql://127.0.0.1.example.com/dawsos',
    'postgresql://localhost@10.0.0.7:5432/dawsos',
    'postgresql://localhost,db2.example.com:5433/dawsos',
    'postgresql:///dawsos?host=db.example.com',
  ])('is refused on that of another: %s', (url) => {
    expect(() => requireKeysBeyondOneMachine(url, undefined)).toThrow(/API_KEYS_FILE/);
    expect(() => requireKeysBeyondOneMachine(url, '/etc/dawsos/keys.json')).not.toThrow();
  });
});

import { readSettings } from './config';

describe('the effective configuration', () => {
  it('says where each value comes from, and masks secrets', () => {
    const settings = readSettings({ LOG_LEVEL: 'warn', SENTRY_DSN: 'https://key@sentry.example.com/1' });
    const find = (name: string) => settings.find((setting) => setting.name === name);
    expect(find('LOG_LEVEL')).toEqual({ name: 'LOG_LEVEL', value: 'warn', from: 'environment' });
    expect(find('SENTRY_DSN')).toEqual({ name: 'SENTRY_DSN', value: '********', from: 'environment' });
    expect(find('PORT')).toEqual({ name: 'PORT', value: '8080', from: 'default' });
    expect(find('DATABASE_URL')?.from).toBe('embedded');
    expect(JSON.stringify(settings)).not.toContain('key@sentry');
  });

  it('names every variable that is wrong at once', () => {
    expect(() => readSettings({ PORT: 'eighty', WORKER_CONCURRENCY: '0' })).toThrow(
      /PORT[^]*WORKER_CONCURRENCY/,
    );
  });
});

import { statusCodeOnly, withoutForeignData, withoutLiterals } from './foreign-attributes';

describe('a statement on a span', () => {
  it.each([
    ["select * from t where name = 'zebra' and n = $1", 'select * from t where name = ? and n = $1'],
    ["select 'it''s zebra', E'a\\'zebra'", 'select ?, ?'],
    ['select $$zebra$$, $tag$zebra$tag$', 'select ?, ?'],
    ['insert into t2 (a) values (284120.55, 7)', 'insert into t2 (a) values (?, ?)'],
    ['select 1 /* zebra */ -- zebra', 'select ?  '],
    ["select 'never closed zebra", 'select ?'],
  ])('%s keeps its form alone', (statement, form) => {
    expect(withoutLiterals(statement, 'postgresql')).toBe(form);
  });
  it('of Redis is the name of its command', () => {
    expect(withoutLiterals('evalsha 0a1b 1 key {"user":"zebra"}', 'redis')).toBe('evalsha');
  });
});

describe('what instrumentations collect', () => {
  it('leaves without addresses’ paths, agents, parameters, messages', () => {
    const attributes = {
      'url.full': 'https://u:p@prices.test/quotes/zebra?q=zebra',
      'url.path': '/quotes/zebra',
      'url.query': 'q=zebra',
      'user_agent.original': 'zebra',
      'db.query.parameter.0': 'zebra',
      'http.request.header.x-name': ['zebra'],
      'bullmq.job.result': 'zebra',
      'exception.type': 'Error',
      'exception.message': 'zebra',
      'exception.stacktrace': 'Error: zebra\nzebra\n    at run (app.js:1:2)',
      'http.route': '/v1/runs/{run_id}',
    };
    withoutForeignData(attributes);
    expect(attributes).toEqual({
      'url.full': 'https://prices.test',
      'exception.type': 'Error',
      'exception.stacktrace': '    at run (app.js:1:2)',
      'http.route': '/v1/runs/{run_id}',
    });
  });
  it('names an error by its code, never by its sentence', () => {
    expect(statusCodeOnly('agent_failed', {})).toBe('agent_failed');
    expect(statusCodeOnly('invalid input: "zebra"', { 'error.type': '22P02' })).toBe('22P02');
    expect(statusCodeOnly('zebra is not known', {})).toBe('');
  });
});

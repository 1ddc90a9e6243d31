import { setTimeout as delay } from 'node:timers/promises';
import { isoDate } from '@dawsos/contracts';
import { openFmp, openFmpStatements, openFred, openNewsApi, openPolygon, type ProviderOptions } from '../src';
import { startProviderServer, type ProviderServer } from './provider-server';

const FROM = isoDate('2020-08-27');
const TO = isoDate('2020-08-31');
const KEY = 'secret-key-of-the-test';

let server: ProviderServer;
beforeEach(async () => {
  server = await startProviderServer();
});
afterEach(() => server.close());

const options = (own: Partial<ProviderOptions> = {}): ProviderOptions => ({
  apiKey: KEY,
  baseUrl: server.url,
  requestsPerMinute: 60_000,
  firstRetryMs: 5,
  timeoutMs: 10_000,
  retries: 2,
  breakAfter: 100,
  ...own,
});
const asked = () => server.requests.map(({ url }) => `${url.pathname}${url.search}`);

/** As Financial Modeling Prep documents it: newest first, and `adj…` though it is not adjusted for splits. */
const FMP_BARS = [
  {
    symbol: 'AAPL',
    date: '2020-08-31',
    adjOpen: 127.58,
    adjHigh: 131,
    adjLow: 126,
    adjClose: 129.04,
    volume: 225702700,
  },
  {
    symbol: 'AAPL',
    date: '2020-08-28',
    adjOpen: 504.05,
    adjHigh: 505.77,
    adjLow: 498.31,
    adjClose: 499.24,
    volume: 46907500,
  },
];
/** As Polygon documents it; `t` is midnight in New York. */
const POLYGON_BARS = {
  ticker: 'AAPL',
  queryCount: 2,
  resultsCount: 2,
  adjusted: false,
  results: [
    { v: 46907479, vw: 501.1, o: 504.05, c: 499.23, h: 505.77, l: 498.31, t: 1598587200000, n: 400000 },
    { v: 225702688, vw: 128.9, o: 127.58, c: 129.04, h: 131, l: 126, t: 1598846400000, n: 1000000 },
  ],
  status: 'OK',
  request_id: '6a7e466379af0a71039d60cc78e72282',
  count: 2,
};

describe('Financial Modeling Prep', () => {
  it('gives closes as traded, in date order, the key in a header alone', async () => {
    server.answers({ body: FMP_BARS });
    expect(await openFmp(options()).closes('AAPL', FROM, TO)).toEqual([
      { date: '2020-08-28', number: '499.24' },
      { date: '2020-08-31', number: '129.04' },
    ]);
    expect(asked()).toEqual([
      '/stable/historical-price-eod/non-split-adjusted?symbol=AAPL&from=2020-08-27&to=2020-08-31',
    ]);
    expect(server.requests[0]?.headers['apikey']).toBe(KEY);
  });

  it('keeps every digit of a close', async () => {
    server.answers({ body: '[{"symbol":"X","date":"2020-08-28","adjClose":0.10000000000000000555}]' });
    expect(await openFmp(options()).closes('X', FROM, TO)).toEqual([
      { date: '2020-08-28', number: '0.10000000000000000555' },
    ]);
    server.answers({ body: '[{"symbol":"Y","date":"2020-08-28","adjClose":1.5e-7}]' });
    expect(await openFmp(options()).closes('Y', FROM, TO)).toMatchObject([{ number: '0.00000015' }]);
  });

  it('gives none for a symbol that it does not know', async () => {
    server.answers({ body: [] });
    expect(await openFmp(options()).closes('NOSUCH', FROM, TO)).toEqual([]);
  });

  it.each([
    ['another symbol', [{ ...FMP_BARS[0], symbol: 'MSFT' }]],
    ['a day that is none', [{ ...FMP_BARS[0], date: '2020-02-30' }]],
    ['a close below 0', [{ ...FMP_BARS[0], adjClose: -1 }]],
    ['no close', [{ symbol: 'AAPL', date: '2020-08-28' }]],
    ['an object', { 'Error Message': 'Limit Reach' }],
    ['HTML', '<html>maintenance</html>'],
    ['half of it', '[{"symbol":"AAPL"'],
  ])('is refused when it answers with %s', async (_what, body) => {
    server.answers({ body });
    await expect(openFmp(options()).closes('AAPL', FROM, TO)).rejects.toMatchObject({
      code: 'source_malformed',
      message: expect.stringContaining('fmp') as string,
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each(['../../v3/x', 'A/B', 'A B', ''])('is never asked for "%s"', async (symbol) => {
    await expect(openFmp(options()).closes(symbol, FROM, TO)).rejects.toMatchObject({
      code: 'source_refused',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('Polygon', () => {
  it('gives closes as traded on the exchange’s own day, the key in a header alone', async () => {
    server.answers({ body: POLYGON_BARS });
    expect(await openPolygon(options()).closes('AAPL', FROM, TO)).toEqual([
      { date: '2020-08-28', number: '499.23' },
      { date: '2020-08-31', number: '129.04' },
    ]);
    expect(asked()).toEqual([
      '/v2/aggs/ticker/AAPL/range/1/day/2020-08-27/2020-08-31?adjusted=false&sort=asc&limit=50000',
    ]);
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('gives none where it leaves the results out', async () => {
    server.answers({
      body: { ticker: 'NOSUCH', queryCount: 0, resultsCount: 0, adjusted: false, status: 'OK' },
    });
    expect(await openPolygon(options()).closes('NOSUCH', FROM, TO)).toEqual([]);
  });

  it.each([
    ['closes adjusted for splits', { ...POLYGON_BARS, adjusted: true }],
    ['a part only', { ...POLYGON_BARS, next_url: 'https://api.polygon.io/v2/aggs/cursor' }],
    ['an error as 200', { status: 'ERROR', request_id: 'x', error: 'internal' }],
  ])('is refused when it answers with %s', async (_what, body) => {
    server.answers({ body });
    await expect(openPolygon(options()).closes('AAPL', FROM, TO)).rejects.toMatchObject({
      code: 'source_malformed',
    });
  });
});

describe('FRED', () => {
  const GDP = {
    count: 2,
    offset: 0,
    limit: 100000,
    observations: [
      { realtime_start: '2020-09-01', realtime_end: '2020-09-01', date: '2020-01-01', value: '.' },
      { realtime_start: '2020-09-01', realtime_end: '2020-09-01', date: '2020-04-01', value: '19408.759' },
    ],
  };

  it('gives the observations of a series', async () => {
    server.answers({ body: GDP });
    const series = await openFred(options()).series('GDP', isoDate('2020-01-01'), TO);
    expect(series).toMatchObject({ id: 'GDP', missing: ['2020-01-01'] });
    expect(series.observations.map(({ date, value }) => [date, value.toFixed()])).toEqual([
      ['2020-04-01', '19408.759'],
    ]);
    expect(Object.fromEntries(server.requests[0]?.url.searchParams ?? [])).toMatchObject({
      series_id: 'GDP',
      observation_start: '2020-01-01',
      observation_end: '2020-08-31',
      file_type: 'json',
      api_key: KEY,
    });
  });

  it.each([
    ['Bad Request.  The series does not exist.', 'series_not_found'],
    ['Bad Request.  The value for variable api_key is not registered.', 'source_refused'],
    ['Bad Request.  Variable limit is not between 1 and 100000.', 'source_refused'],
  ])('answers 400 "%s": %s', async (error_message, code) => {
    server.answers({ status: 400, body: { error_code: 400, error_message } });
    await expect(openFred(options()).series('GDP', FROM, TO)).rejects.toMatchObject({ code });
  });
});

describe.each([
  ['fmp', (own?: Partial<ProviderOptions>) => openFmp(options(own)).closes('AAPL', FROM, TO), FMP_BARS],
  [
    'polygon',
    (own?: Partial<ProviderOptions>) => openPolygon(options(own)).closes('AAPL', FROM, TO),
    POLYGON_BARS,
  ],
  [
    'fred',
    (own?: Partial<ProviderOptions>) => openFred(options(own)).series('GDP', FROM, TO),
    { observations: [{ date: '2020-08-28', value: '1' }] },
  ],
] as const)('%s in trouble', (source, ask, good) => {
  it.each([
    [401, 'source_refused'],
    [402, 'source_refused'],
    [403, 'source_refused'],
    [302, 'source_refused'],
  ])('answers %d: %s at once, and the key shows nowhere', async (status, code) => {
    server.answers({ status, headers: { location: 'http://127.0.0.1:1/' }, body: { error: `key ${KEY}` } });
    const error: unknown = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, retryable: false, extensions: { source } });
    expect(JSON.stringify([String(error), error, (error as Error).stack])).not.toContain(KEY);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
  ])('is asked again after %s', async (_what, fault) => {
    server.answers(fault, fault, { body: good });
    await ask();
    expect(server.requests).toHaveLength(3);
  });

  it('is asked again when it hangs, and gives up in the end', async () => {
    server.answers({ hangs: true });
    const error: unknown = await ask({ timeoutMs: 250 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'source_unavailable', retryable: true });
    expect(JSON.stringify([String(error), error])).not.toContain(KEY);
    expect(server.requests).toHaveLength(3);
  });

  it('passes a long Retry-After on instead of waiting for it', async () => {
    server.answers({ status: 429, headers: { 'retry-after': '3600' } });
    await expect(ask()).rejects.toMatchObject({ code: 'source_unavailable', retryAfterSeconds: 3600 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a provider’s client', () => {
  it('honours a Retry-After that is short', async () => {
    server.answers({ status: 429, headers: { 'retry-after': '1' } }, { body: FMP_BARS });
    const started = performance.now();
    await openFmp(options()).closes('AAPL', FROM, TO);
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  });

  it('begins no more requests a minute than allowed', async () => {
    server.answers({ body: [] });
    const fmp = openFmp(options({ requestsPerMinute: 600 }));
    const started = performance.now();
    await Promise.all(['A', 'B', 'C', 'D'].map((symbol) => fmp.closes(symbol, FROM, TO)));
    expect(performance.now() - started).toBeGreaterThanOrEqual(290);
  });

  it('gives an answer again without asking, for a while', async () => {
    server.answers({ body: FMP_BARS });
    let now = 0;
    const fmp = openFmp(options({ cacheMs: 1_000, now: () => now }));
    await Promise.all([fmp.closes('AAPL', FROM, TO), fmp.closes('AAPL', FROM, TO)]);
    await fmp.closes('AAPL', FROM, TO);
    expect(server.requests).toHaveLength(1);
    now = 1_001;
    await fmp.closes('AAPL', FROM, TO);
    expect(server.requests).toHaveLength(2);
  });

  it('goes on with a shared call while one waits for it, and aborts it once nobody does', async () => {
    server.answers({ hangs: true });
    const fmp = openFmp(options({ retries: 0, timeoutMs: 60_000 }));
    const [first, second] = [new AbortController(), new AbortController()];
    const reason = new Error('the step was cancelled');
    const answers = [first, second].map(({ signal }) => fmp.closes('AAPL', FROM, TO, signal));
    const ended = Promise.allSettled(answers);
    while (server.requests.length === 0) await delay(5);
    first.abort(reason);
    await expect(answers[0]).rejects.toBe(reason);
    expect(server.aborted()).toBe(0);
    second.abort(reason);
    await ended;
    const deadline = Date.now() + 5_000;
    while (server.aborted() === 0 && Date.now() < deadline) await delay(5);
    expect([server.requests.length, server.aborted()]).toEqual([1, 1]);
    expect(fmp.id).toBe('fmp');
  });

  it('holds calls that were cut short against no provider: its circuit stays closed', async () => {
    server.answers({ hangs: true });
    const fmp = openFmp(options({ retries: 0, breakAfter: 2, timeoutMs: 60_000 }));
    for (let call = 1; call <= 3; call += 1) {
      const leaving = new AbortController();
      const asked = expect(fmp.closes('AAPL', FROM, TO, leaving.signal)).rejects.toThrow('gone');
      while (server.requests.length < call) await delay(5);
      leaving.abort(new Error('gone'));
      await asked;
    }
    server.answers({ body: FMP_BARS });
    expect(await fmp.closes('AAPL', FROM, TO)).toHaveLength(2);
  });

  it('opens its circuit after faults in a row, and closes it when the provider is back', async () => {
    server.answers({ status: 500 });
    const fmp = openFmp(options({ retries: 0, breakAfter: 2, halfOpenAfterMs: 50 }));
    for (let fault = 0; fault < 2; fault += 1) {
      await expect(fmp.closes('AAPL', FROM, TO)).rejects.toMatchObject({ code: 'source_unavailable' });
    }
    await expect(fmp.closes('AAPL', FROM, TO)).rejects.toMatchObject({
      code: 'source_unavailable',
      message: 'fmp failed several times in a row; it is asked again after 1 s',
    });
    expect(server.requests).toHaveLength(2);
    server.answers({ body: FMP_BARS });
    let closes: unknown;
    while (closes === undefined) closes = await fmp.closes('AAPL', FROM, TO).catch(() => undefined);
    expect(closes).toHaveLength(2);
  });

  it('reads no more than its byte cap', async () => {
    server.answers({ body: JSON.stringify('x'.repeat(5_000)) });
    await expect(openFmp(options({ maxBytes: 1_000 })).closes('AAPL', FROM, TO)).rejects.toMatchObject({
      code: 'source_malformed',
      message: 'fmp sent more than 1000 bytes',
    });
  });
});

describe("Financial Modeling Prep's statements", () => {
  const common = {
    date: '2024-12-31',
    symbol: 'ABC',
    reportedCurrency: 'USD',
    filingDate: '2025-02-20',
    period: 'FY',
  };

  it('are joined from the three endpoints, the key in a header', async () => {
    const body = [
      { ...common, revenue: 391035000000, totalDebt: 106629000000.55, capitalExpenditure: -9447000000 },
    ];
    server.answers({ body });
    const years = await openFmpStatements(options()).annualStatements('ABC');
    expect(years?.map(({ periodEnd, filed }) => [periodEnd, filed])).toEqual([['2024-12-31', '2025-02-20']]);
    expect(years?.[0]?.revenue?.toFixed()).toBe('391035000000');
    expect(years?.[0]?.totalDebt?.toFixed()).toBe('106629000000.55');
    expect(asked().sort()).toEqual(
      ['balance-sheet-statement', 'cash-flow-statement', 'income-statement'].map(
        (endpoint) => `/stable/${endpoint}?symbol=ABC&period=annual&limit=40`,
      ),
    );
    expect(server.requests.map(({ headers }) => headers['apikey'])).toEqual([KEY, KEY, KEY]);
  });

  it('of a symbol that is not known are none; those that the plan does not cover are refused', async () => {
    server.answers({ body: [] });
    expect(await openFmpStatements(options()).annualStatements('NONE')).toBeUndefined();
    server.answers({ status: 402, body: 'Premium' });
    await expect(openFmpStatements(options()).annualStatements('ABC')).rejects.toMatchObject({
      code: 'source_refused',
    });
  });
});

describe('NewsAPI', () => {
  const article = (publishedAt: string) => ({
    source: { id: null, name: 'Paper' },
    title: 'A title',
    description: 'What happened',
    url: `https://example.com/${publishedAt}`,
    publishedAt,
  });

  it('is asked for the days, the key in a header, and gives what is in them', async () => {
    const articles = ['2020-08-31T23:00:00Z', '2020-09-01T00:30:00Z'].map(article);
    server.answers({ body: { status: 'ok', totalResults: 2, articles } });
    const items = await openNewsApi(options()).news('ABC', FROM, TO);
    expect(items?.map(({ publishedAt }) => publishedAt)).toEqual(['2020-08-31T23:00:00Z']);
    const [request] = server.requests;
    expect(request?.headers['x-api-key']).toBe(KEY);
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toMatchObject({
      q: '"ABC"',
      from: '2020-08-27T00:00:00',
      to: '2020-08-31T23:59:59',
    });
  });

  it('that wants a pause is asked again; one that refuses the key is not, and the key is in no error', async () => {
    server.answers(
      { status: 429, headers: { 'retry-after': '0' } },
      { body: { status: 'ok', articles: [] } },
    );
    expect(await openNewsApi(options()).news('ABC', FROM, TO)).toEqual([]);
    server.answers({ status: 401, body: { status: 'error', code: 'apiKeyInvalid', message: `bad ${KEY}` } });
    const refused = openNewsApi(options()).news('XYZ', FROM, TO);
    await expect(refused).rejects.toMatchObject({ code: 'source_refused' });
    await expect(refused).rejects.not.toThrow(KEY);
    expect(server.requests).toHaveLength(3);
  });
});

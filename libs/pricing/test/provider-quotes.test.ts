import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DawsosError, isoDate } from '@dawsos/contracts';
import { loadLedger, type Ledger } from '@dawsos/ledger';
import { openFmp, openPolygon, type EndOfDaySource } from '@dawsos/market-data';
import { buildPack, createPricingPack, gapsOf, providerQuotes, type ProviderQuotes } from '../src';

const FROM = isoDate('2025-01-01');
const TO = isoDate('2025-01-31');

const LEDGER = `
2024-01-01 commodity AAPL
  price: "USD:polygon/AAPL,fmp/AAPL"
2024-01-01 commodity SHOP
  price: "CAD:fmp/SHOP.TO USD:yahoo/SHOP"
2024-01-01 commodity HOUSE
2024-01-01 commodity OTHER
  price: "USD:yahoo/OTHER"
`;

async function ledgerOf(text: string): Promise<Ledger> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'dawsos-quoted-'));
  await fs.writeFile(path.join(folder, 'main.beancount'), text);
  const ledger = await loadLedger({ file: path.join(folder, 'main.beancount') });
  await fs.rm(folder, { recursive: true });
  return ledger;
}

describe('prices from providers', () => {
  let server: Server;
  let polygonStatus: number;
  let providers: readonly EndOfDaySource[];

  beforeEach(async () => {
    polygonStatus = 200;
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://provider');
      const polygon = url.pathname.startsWith('/v2/aggs');
      const symbol = url.searchParams.get('symbol');
      response.writeHead(polygon ? polygonStatus : 200, { 'content-type': 'application/json' });
      response.end(
        polygon
          ? JSON.stringify({ status: 'OK', adjusted: false, results: [{ c: 236, t: 1738299600000 }] })
          : JSON.stringify([{ symbol, date: '2025-01-30', adjClose: symbol === 'AAPL' ? 237.59 : 168.3 }]),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const options = { apiKey: 'key', baseUrl, requestsPerMinute: 60_000, retries: 0 };
    providers = [openPolygon(options), openFmp(options)];
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const ask = async (text = LEDGER): Promise<ProviderQuotes> =>
    providerQuotes({ ledger: await ledgerOf(text), providers, from: FROM, to: TO });
  const shown = ({ quotes }: ProviderQuotes): string[] =>
    [...quotes].map((quote) =>
      quote.kind === 'price'
        ? `${quote.date} ${quote.commodity} ${quote.number} ${quote.currency} ${quote.source}`
        : '',
    );

  it('are asked for no longer once their build is told to stop, whatever they were about to say', async () => {
    const stopping = new AbortController();
    const reason = new DawsosError('shutting_down', 'the pack builder is shutting down');
    const asked: string[] = [];
    const hanging = (id: string): EndOfDaySource => ({
      id,
      closes: (_symbol, _from, _to, signal) => {
        asked.push(id);
        return new Promise((_, reject) => {
          signal?.addEventListener('abort', () =>
            reject(new DawsosError('source_unavailable', `${id} could not be reached`)),
          );
          stopping.abort(reason);
        });
      },
    });
    const quotes = providerQuotes({
      ledger: await ledgerOf(LEDGER),
      providers: [hanging('polygon'), hanging('fmp')],
      from: FROM,
      to: TO,
      signal: stopping.signal,
    });
    await expect(quotes).rejects.toBe(reason);
    expect(asked).toEqual(['polygon']);
  });

  it('come from the first provider that the commodity names, in the currency that it says', async () => {
    const answer = await ask();
    expect(shown(answer)).toEqual(['2025-01-31 AAPL 236 USD polygon', '2025-01-30 SHOP 168.3 CAD fmp']);
    expect(answer.fallbacks).toEqual([]);
  });

  it.each([
    [403, 'source_refused'],
    [500, 'source_unavailable'],
  ])('come from the next one where the first answers %d, and the report says so', async (status, code) => {
    polygonStatus = status;
    const answer = await ask();
    expect(shown(answer)).toEqual(['2025-01-30 AAPL 237.59 USD fmp', '2025-01-30 SHOP 168.3 CAD fmp']);
    expect(answer.fallbacks).toEqual([{ commodity: 'AAPL', source: 'polygon', code }]);
  });

  it('fail the build where the last one fails, for a later try', async () => {
    polygonStatus = 503;
    await expect(ask('2024-01-01 commodity AAPL\n  price: "USD:polygon/AAPL"\n')).rejects.toMatchObject({
      code: 'source_unavailable',
      retryable: true,
    });
  });

  it('are not asked for by metadata that cannot be read', async () => {
    await expect(ask('2024-01-01 commodity AAPL\n  price: "AAPL"\n')).rejects.toMatchObject({
      code: 'pack_unreadable',
      message: expect.stringContaining('write it as "USD:polygon/AAPL"') as string,
    });
  });

  it('stand in for a missing day for as long as the policy says, and every gap is reported', async () => {
    const built = buildPack({ asofDate: isoDate('2025-02-06'), sources: [await ask()] });
    const pack = createPricingPack({ ...built, asofDate: isoDate('2025-02-06') });
    const wanted = [
      { commodity: 'AAPL', date: isoDate('2025-01-31') },
      { commodity: 'SHOP', date: isoDate('2025-01-31') },
    ];
    expect(gapsOf(pack, ['SHOP', 'AAPL', 'HOUSE'], wanted, 6)).toEqual({
      last_known_within_days: 6,
      filled: [{ commodity: 'AAPL', last_date: '2025-01-31', age_days: 6 }],
      missing: [
        { commodity: 'HOUSE', last_date: null, age_days: null },
        { commodity: 'SHOP', last_date: '2025-01-30', age_days: 7 },
      ],
      wanted_missing: [{ commodity: 'SHOP', date: '2025-01-31' }],
    });
  });
});

import { isoDate } from '@dawsos/contracts';
import { openDatabase } from '@dawsos/database';
import { buildAndStorePack, createPackStore, openPriceFolder } from '@dawsos/pricing';

/** Builds one pack from the price folder and the database that it is given; prints its rows and the peak of its memory. */
const [url, folder, day] = process.argv.slice(2);
if (url === undefined || folder === undefined || day === undefined) {
  throw new Error('name a database, a price folder and a day');
}
const database = openDatabase({ url, maxConnections: 4, applicationName: 'bench' });
const { pack } = await buildAndStorePack(createPackStore(database), {
  asofDate: isoDate(day),
  sources: () => openPriceFolder(folder),
  examined: () => Promise.resolve(new Set<string>()),
});
await database.close();
const peakMebibytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ rows: pack.price_count + pack.rate_count, peakMebibytes }));

import { answersPerSecond } from './tools/bench/load-generator.ts';
import { OVERVIEW, withSystem } from './tools/bench/system.ts';
import { readFileSync, readdirSync } from 'node:fs';
await withSystem(async (system) => {
  const cpu = () => { for (const p of readdirSync('/proc').filter(x=>/^\d+$/.test(x))) { try { const c=readFileSync(`/proc/${p}/cmdline','utf8`.replace("','utf8",''),'utf8'); if (c.includes('wt/lead/apps/executor-api/dist/main.js')) { const s=readFileSync(`/proc/${p}/stat`,'utf8').split(' '); return (Number(s[13])+Number(s[14]))*10; } } catch {} } return 0; };
  const load = { clients: 16, seconds: Number(process.argv[2] ?? 6), status: 202, port: system.apiPort, path: '/v1/execute', body: JSON.stringify(OVERVIEW) };
  await answersPerSecond({ ...load, seconds: 2 });
  const c0 = cpu(); const n = await answersPerSecond(load); const c1 = cpu();
  console.log('per second', n, 'cpu ms/request', (c1 - c0) / (n * load.seconds));
});

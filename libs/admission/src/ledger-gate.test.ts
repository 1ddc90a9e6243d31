import { DawsosError, LOCAL_PRINCIPAL, type Principal } from '@dawsos/contracts';
import { createSnapshot, loadLedgerFrom } from '@dawsos/ledger';
import { createLedgerGate } from './ledger-gate';

const OWN = 'a'.repeat(40);
const OLD = 'b'.repeat(40);
const BRANCH = 'c'.repeat(40);
const BROKEN = 'd'.repeat(40);

const ledgerOf = (growth: string, more = '') => `option "operating_currency" "USD"
2023-01-02 custom "portfolio" "growth" ${growth}
2023-01-02 custom "portfolio" "hush" Assets:Hush
2023-01-02 open Assets:Growth
2023-01-02 open Assets:Hush
${more}`;
const LEDGERS: Readonly<Record<string, string>> = {
  [OWN]: ledgerOf('Assets:Growth'),
  [OLD]: ledgerOf('Assets:Growth'),
  [BRANCH]: ledgerOf('Assets:Growth Assets:Hush'),
  [BROKEN]: ledgerOf('Assets:Growth', '2023-02-01 balance Assets:Hush 4711 USD\n'),
};
const REFS: Readonly<Record<string, string>> = { main: OWN, old: OLD, branch: BRANCH, broken: BROKEN };

const reads = {
  resolve: async (ref: string) => {
    const commit = REFS[ref] ?? (ref in LEDGERS ? ref : undefined);
    if (commit === undefined)
      throw new DawsosError('ledger_ref_not_found', `no "${ref}"; branches: ${Object.keys(REFS).join()}`);
    return commit;
  },
  isBehind: async (commit: string, tip: string) => commit === tip || (commit === OLD && tip === OWN),
  snapshot: async (commit: string) => {
    const bytes = new TextEncoder().encode(LEDGERS[commit] ?? '');
    const source = { read: async () => bytes, list: async () => [] };
    return createSnapshot(commit, await loadLedgerFrom(source, 'main.beancount'));
  },
};
const WIDE: Principal = { id: 'team', scopes: ['execute'], portfolios: '*' };
const NARROW: Principal = { id: 'client', scopes: ['execute'], portfolios: ['growth', 'gone'] };
const gateWith = (...allowedRefs: string[]) => createLedgerGate(reads, { ownRef: 'main', allowedRefs });
const errorOf = (work: Promise<string>) =>
  work.then(
    () => new Error('no error'),
    (error: DawsosError) => error,
  );

describe('a ref that a key names', () => {
  it('is the own one, or a commit behind it', async () => {
    expect(await gateWith().pin(undefined, 'growth', NARROW)).toBe(OWN);
    expect(await gateWith().pin('main', 'growth', NARROW)).toBe(OWN);
    expect(await gateWith().pin(OLD, 'growth', NARROW)).toBe(OLD);
  });

  it('is unknown where it may not be named, in the words for one that is not there', async () => {
    const forbidden = await errorOf(gateWith().pin('broken', null, WIDE));
    const missing = await errorOf(gateWith().pin('braken', null, WIDE));
    expect(forbidden).toMatchObject({ code: 'ledger_ref_not_found' });
    expect(forbidden.message).not.toContain('old');
    expect(missing.message).toBe(forbidden.message.replace('broken', 'braken'));
  });

  it('is any where the deployment says so, and any for who needs no key', async () => {
    expect(await gateWith('branch').pin('branch', null, WIDE)).toBe(BRANCH);
    expect(await gateWith('*').pin('branch', null, WIDE)).toBe(BRANCH);
    expect(await gateWith().pin('branch', null, LOCAL_PRINCIPAL)).toBe(BRANCH);
  });

  it('gives a portfolio no accounts that are not its own at the own ref', async () => {
    const widened = await errorOf(gateWith('*').pin('branch', 'growth', NARROW));
    expect(widened).toMatchObject({ code: 'portfolio_forbidden' });
    expect(await gateWith('*').pin('branch', 'growth', WIDE)).toBe(BRANCH);
  });
});

describe('what is wrong with a ledger', () => {
  it('is told, with its accounts and amounts, to who may see the whole ledger alone', async () => {
    const all = (await errorOf(gateWith('*').pin('broken', null, WIDE))) as DawsosError;
    expect(JSON.stringify([all.message, all.extensions])).toContain('Assets:Hush');
    const some = (await errorOf(gateWith('*').pin('broken', 'growth', NARROW))) as DawsosError;
    expect(some.message).toContain('1 error');
    expect(JSON.stringify([some.message, some.extensions, some.errors])).not.toMatch(/Hush|4711|main\./);
  });

  it('names no portfolio that the key may not see', async () => {
    const unknown = await errorOf(gateWith().pin(undefined, 'gone', NARROW));
    expect(unknown).toMatchObject({ code: 'portfolio_not_found' });
    expect(unknown.message).toContain('growth');
    expect(unknown.message).not.toContain('hush');
    expect((await errorOf(gateWith().pin(undefined, 'gone', WIDE))).message).toContain('growth, hush');
  });
});

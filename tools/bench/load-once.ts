import { assertNoErrors, loadLedger } from '@dawsos/ledger';

/** Loads the ledger file that it is given; fails when it has an error. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name a ledger file');
assertNoErrors(await loadLedger({ file }));

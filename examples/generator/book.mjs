/** Money is counted in whole cents, so that what is written is exact. */
export const cents = (text) => Math.round(Number(text) * 100);
export const money = (amount) => (amount / 100).toFixed(2);

const ACCOUNT_WIDTH = 36;

/**
 * Writes a ledger entry by entry, and knows at each moment what every account holds: cash in cents by currency,
 * and the lots of each holding in the order of purchase.
 */
export class Book {
  #entriesByYear = new Map();
  #cash = new Map();
  #lots = new Map();

  /** Entries of one day keep the order in which they are written. */
  entry(date, text) {
    const year = date.slice(0, 4);
    const entries = this.#entriesByYear.get(year);
    if (entries === undefined) this.#entriesByYear.set(year, [{ date, text }]);
    else entries.push({ date, text });
  }

  transaction(date, payee, narration, postings, words = '', meta = {}) {
    const facts = Object.entries(meta).map(([key, value]) => `  ${key}: ${value}\n`);
    const lines = postings.map(([account, amount = '']) =>
      amount === '' ? `  ${account}` : `  ${account.padEnd(ACCOUNT_WIDTH)}  ${amount}`,
    );
    const suffix = words === '' ? '' : ` ${words}`;
    this.entry(date, `${date} * "${payee}" "${narration}"${suffix}\n${facts.join('')}${lines.join('\n')}\n`);
  }

  /** Adds cents (negative: takes) and gives the posting; an account that would be overdrawn is a fault of the story. */
  move(account, amount, currency) {
    const key = `${account} ${currency}`;
    const left = (this.#cash.get(key) ?? 0) + amount;
    if (left < 0 && account.startsWith('Assets:'))
      throw new Error(`${key} would be overdrawn by ${money(-left)}`);
    this.#cash.set(key, left);
    return [account, `${money(amount)} ${currency}`];
  }

  cash(account, currency) {
    return this.#cash.get(`${account} ${currency}`) ?? 0;
  }

  /** The accounts and currencies with a cash balance, by name. */
  cashBalances() {
    return [...this.#cash].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  addLot(account, lot) {
    const lots = this.#lots.get(account);
    if (lots === undefined) this.#lots.set(account, [lot]);
    else lots.push(lot);
  }

  lots(account) {
    return this.#lots.get(account) ?? [];
  }

  setLots(account, lots) {
    this.#lots.set(account, lots);
  }

  units(account) {
    return this.lots(account).reduce((sum, lot) => sum + lot.units, 0);
  }

  holdings() {
    return [...this.#lots.keys()].sort();
  }

  /** Takes units from the lots in the order given, and says what was taken of which. */
  takeLots(account, units, order = (lots) => lots) {
    const taken = [];
    let wanted = units;
    for (const lot of order([...this.lots(account)])) {
      const some = Math.min(wanted, lot.units);
      if (some > 0) taken.push({ ...lot, units: some });
      lot.units -= some;
      wanted -= some;
    }
    if (wanted > 0) throw new Error(`${account} has ${String(wanted)} units too few`);
    this.setLots(
      account,
      this.lots(account).filter((lot) => lot.units > 0),
    );
    return taken;
  }

  /** The years' files, entries by date. */
  files() {
    return new Map(
      [...this.#entriesByYear].sort().map(([year, entries]) => {
        const ordered = entries.map((entry, index) => ({ ...entry, index }));
        ordered.sort((a, b) => (a.date === b.date ? a.index - b.index : a.date < b.date ? -1 : 1));
        return [year, ordered.map((entry) => entry.text).join('\n')];
      }),
    );
  }
}

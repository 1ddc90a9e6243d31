import type { LedgerReader } from '../capability';
import { metaText } from './holdings';

/** The text of metadata `key` of an account's `open` directive, or of the nearest account above it that has one. */
export function inheritedText(account: string, key: string, ledger: LedgerReader): string | null {
  const components = account.split(':');
  for (let length = components.length; length > 0; length--) {
    const text = metaText(ledger.account(components.slice(0, length).join(':')).meta, key);
    if (text !== null) return text;
  }
  return null;
}

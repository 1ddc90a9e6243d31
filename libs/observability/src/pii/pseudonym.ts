import { createHmac, hash } from 'node:crypto';

const REMEMBERED = 20_000;

/** Gives ids their stable pseudonyms. `isPseudonym` tells those made here from ids that only look like one. */
export interface Pseudonyms {
  of(id: string): string;
  isPseudonym(text: string): boolean;
}

/**
 * The first 8 hex digits of SHA-256 over the id, or of HMAC-SHA-256 with a key: short ids can be guessed from a plain
 * hash. What was made is remembered, up to a bound, so that filtering twice changes nothing.
 */
export const createPseudonyms = (hashKey?: string): Pseudonyms => {
  const byId = new Map<string, string>();
  const made = new Set<string>();
  const digest = (id: string): string =>
    (hashKey === undefined
      ? hash('sha256', id, 'hex')
      : createHmac('sha256', hashKey).update(id).digest('hex')
    ).slice(0, 8);
  return {
    of(id) {
      if (made.has(id)) return id;
      const known = byId.get(id);
      if (known !== undefined) return known;
      const pseudonym = digest(id);
      if (byId.size >= REMEMBERED) {
        byId.clear();
        made.clear();
      }
      byId.set(id, pseudonym);
      made.add(pseudonym);
      return pseudonym;
    },
    isPseudonym: (text) => made.has(text),
  };
};

const ODRL = 'http://www.w3.org/ns/odrl/2/';
/** As the profile's report writes them: `…#display-0-9`, with the version of the term. */
const MARKET_DATA = 'https://www.w3.org/community/md-odrl-profile#';

/** The context whose terms are ODRL's own; it is known, never fetched. */
export const ODRL_CONTEXT = 'http://www.w3.org/ns/odrl.jsonld';

const KNOWN_PREFIXES: Readonly<Record<string, string>> = {
  odrl: ODRL,
  md: MARKET_DATA,
  dc: 'http://purl.org/dc/terms/',
  dcterms: 'http://purl.org/dc/terms/',
  rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
};

/** Expands names of a document: `md:Display`, `odrl:display`, a full IRI, or a bare ODRL term. */
export interface Vocabulary {
  /** `display`: lower case, without vocabulary, version and hyphens, where the term is ODRL's or the profile's. */
  term(name: string): string | undefined;
  iri(name: string): string;
}

export type ContextResult =
  { readonly ok: true; readonly vocabulary: Vocabulary } | { readonly ok: false; readonly detail: string };

export function vocabularyOf(context: unknown): ContextResult {
  const prefixes = new Map(Object.entries(KNOWN_PREFIXES));
  for (const part of Array.isArray(context) ? (context as unknown[]) : [context]) {
    if (part === undefined || part === ODRL_CONTEXT) continue;
    if (typeof part !== 'object' || part === null) {
      return {
        ok: false,
        detail: `the context ${JSON.stringify(part)} is not known; contexts are not fetched`,
      };
    }
    for (const [prefix, value] of Object.entries(part)) {
      if (typeof value === 'string') prefixes.set(prefix, value);
      else return { ok: false, detail: `the context defines "${prefix}" by more than a prefix` };
    }
  }
  const iri = (name: string): string => {
    const [, prefix, local] = /^([A-Za-z][\w-]*):(?!\/\/)(.+)$/.exec(name) ?? [];
    const base = prefix === undefined ? undefined : prefixes.get(prefix);
    return base === undefined || local === undefined ? name : base + local;
  };
  return {
    ok: true,
    vocabulary: {
      iri,
      term(name) {
        const full = iri(name);
        const local = [ODRL, MARKET_DATA].find((base) => full.startsWith(base));
        if (local === undefined && /[:/#]/.test(full)) return undefined;
        return full
          .slice(local?.length ?? 0)
          .replace(/-\d+-\d+$/, '')
          .replaceAll('-', '')
          .toLowerCase();
      },
    },
  };
}

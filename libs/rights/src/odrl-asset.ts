import type { Vocabulary } from './odrl-terms';
import { SourceIdSchema } from './registry';

/** The data that a rule is about: a source of ours. */
export interface Asset {
  readonly id: string;
  readonly name: string;
}

type AssetResult =
  { readonly ok: true; readonly asset: Asset } | { readonly ok: false; readonly detail: string };

const SOURCE_URN = 'urn:dawsos:source:';
const DC = 'http://purl.org/dc/terms/';
const RDFS_LABEL = 'http://www.w3.org/2000/01/rdf-schema#label';

/** A source is named by `urn:dawsos:source:ID`, or by the asset's `dcterms:identifier`. */
export function readAsset(target: unknown, vocabulary: Vocabulary): AssetResult {
  const facts = factsOf(target, vocabulary);
  const uid = facts.get('uid') ?? facts.get('@id');
  const urn = uid?.startsWith(SOURCE_URN) === true ? uid.slice(SOURCE_URN.length) : undefined;
  const id = facts.get(`${DC}identifier`) ?? urn;
  if (id === undefined || !SourceIdSchema.safeParse(id).success) {
    return {
      ok: false,
      detail: `name the source by ${SOURCE_URN}ID or by the dcterms:identifier of the target; found ${id ?? uid ?? 'none'}`,
    };
  }
  return { ok: true, asset: { id, name: facts.get(RDFS_LABEL) ?? facts.get(`${DC}title`) ?? id } };
}

function factsOf(target: unknown, vocabulary: Vocabulary): ReadonlyMap<string, string> {
  if (typeof target === 'string') return new Map([['uid', target]]);
  if (typeof target !== 'object' || target === null) return new Map();
  return new Map(
    Object.entries(target).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name.startsWith('@') ? name : vocabulary.iri(name), value]] : [],
    ),
  );
}

export type Duty =
  | { readonly kind: 'attribution' | 'watermark' | 'licence'; readonly wording: string }
  | { readonly kind: 'usage-report' }
  | { readonly kind: 'unknown'; readonly detail: string };

const UNMET = new Set(['compensate', 'obtainconsent', 'consent', 'agree', 'nextpolicy']);
const RUBRICS: Readonly<Record<string, 'attribution' | 'watermark'>> = {
  attribution: 'attribution',
  disclaimer: 'attribution',
  proscription: 'watermark',
};

/** What a permission asks for in return, as the registry can hold it. */
export function readDuty(members: ReadonlyMap<string, unknown>, vocabulary: Vocabulary): Duty {
  const name = typeNameOf(members.get('action'));
  const action = name === undefined ? undefined : vocabulary.term(name);
  const target = members.get('target');
  const targetName = typeNameOf(target);
  const about = targetName === undefined ? undefined : vocabulary.term(targetName);
  if (action === 'report' && about === 'usage') return { kind: 'usage-report' };
  if (action !== undefined && UNMET.has(action)) {
    return { kind: 'licence', wording: labelOf(members) ?? `What the duty "${name}" asks for.` };
  }
  const rubric = about !== undefined && Object.hasOwn(RUBRICS, about) ? RUBRICS[about] : undefined;
  if (action === 'attach' && rubric !== undefined) {
    const wording = wordingOf(target, vocabulary);
    return wording === undefined
      ? { kind: 'unknown', detail: `the ${about} to attach has no md:wording` }
      : { kind: rubric, wording };
  }
  return { kind: 'unknown', detail: `the registry cannot express the duty "${name ?? 'without an action'}"` };
}

function typeNameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const node = value as Readonly<Record<string, unknown>>;
  const name = node['@type'] ?? node['type'] ?? node['@id'];
  return typeof name === 'string' ? name : undefined;
}

function wordingOf(target: unknown, vocabulary: Vocabulary): string | undefined {
  if (typeof target !== 'object' || target === null) return undefined;
  const found = Object.entries(target).find(([name]) => vocabulary.term(name) === 'wording');
  const wording: unknown = found?.[1];
  return typeof wording === 'string' && wording !== '' ? wording : undefined;
}

function labelOf(members: ReadonlyMap<string, unknown>): string | undefined {
  const label = members.get('rdfs:label') ?? members.get('label');
  return typeof label === 'string' ? label : undefined;
}

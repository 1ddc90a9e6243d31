import type { FieldError } from '@dawsos/contracts';
import { readAsset, readDuty, type Asset } from './odrl-asset';
import { vocabularyOf, type Vocabulary } from './odrl-terms';
import { EXPORT_FORMATS, invalidRegistry, type RightsRegistry, type SourceRights } from './registry';

/** What an action of a rule means for us; actions that no right of ours stands for may be permitted, not forbidden. */
type Right = 'display' | 'export' | 'redistribute' | 'compute';

const RIGHTS: Readonly<Record<string, Right>> = {
  use: 'display',
  display: 'display',
  download: 'export',
  distribute: 'redistribute',
  derive: 'compute',
  nondisplay: 'compute',
  store: 'compute',
};

/** Members of a rule that say what we read, or nothing that could narrow it. */
const RULE_MEMBERS = new Set(['target', 'action', 'duty', 'assigner', 'assignee', 'uid', 'licensee']);
const POLICY_MEMBERS = new Set(
  'uid type profile permission prohibition obligation target assigner assignee'.split(' '),
);
const PARTY_MEMBERS = new Set(['users', 'recipients']);

type Node = Readonly<Record<string, unknown>>;

interface Draft {
  readonly asset: Asset;
  readonly granted: Set<Right>;
  readonly forbidden: Set<Right>;
  readonly attributions: Set<string>;
  readonly watermarks: Set<string>;
  readonly licences: Set<string>;
}

/**
 * A registry from ODRL policies (JSON-LD) in the vocabulary of the W3C market-data profile, version 0.9: a pure
 * mapping, docs/rights.md. What the registry cannot express is a fault, since leaving a constraint out would widen
 * the right. The source: https://w3c.github.io/market-data-odrl-profile/md-odrl-profile.html
 * @throws DawsosError `rights_registry_invalid`, naming each fault by its JSON pointer
 */
export function parseOdrlRegistry(text: string, file: string): RightsRegistry {
  const reader = new OdrlReader(file);
  reader.readDocument(parseJson(text, file));
  return reader.registry();
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return invalidRegistry([
      { pointer: '', detail: `${file}: ${error instanceof Error ? error.message : 'is not JSON'}` },
    ]);
  }
}

class OdrlReader {
  private readonly faults: FieldError[] = [];
  private readonly drafts = new Map<string, Draft>();

  constructor(private readonly file: string) {}

  registry(): RightsRegistry {
    if (this.drafts.size === 0 && this.faults.length === 0) this.fault('', 'there is no policy with a rule');
    if (this.faults.length > 0) invalidRegistry(this.faults);
    const sources = [...this.drafts].sort(([a], [b]) => (a < b ? -1 : 1));
    return { version: 1, sources: Object.fromEntries(sources.map(([id, draft]) => [id, rightsOf(draft)])) };
  }

  readDocument(value: unknown): void {
    const roots = Array.isArray(value) ? (value as unknown[]) : [value];
    roots.forEach((root, index) => {
      const at = Array.isArray(value) ? `/${index}` : '';
      if (!isNode(root)) return this.fault(at, 'a policy must be an object');
      const context = vocabularyOf(root['@context']);
      if (!context.ok) return this.fault(`${at}/@context`, context.detail);
      const graph = root['@graph'];
      if (graph === undefined) this.readPolicy(root, at, context.vocabulary);
      else listOf(graph).forEach((node, i) => this.readNode(node, `${at}/@graph/${i}`, context.vocabulary));
    });
  }

  private readNode(node: unknown, at: string, vocabulary: Vocabulary): void {
    if (isNode(node)) this.readPolicy(node, at, vocabulary);
    else this.fault(at, 'a policy must be an object');
  }

  private readPolicy(policy: Node, at: string, vocabulary: Vocabulary): void {
    const members = byTerm(policy, vocabulary);
    for (const name of members.keys()) {
      // what has a prefix of another vocabulary is said about the policy, and narrows nothing
      if (name.startsWith('@') || name.includes(':') || POLICY_MEMBERS.has(name)) continue;
      this.fault(`${at}/${name}`, `the registry cannot express "${name}" of a policy`);
    }
    for (const kind of ['permission', 'prohibition', 'obligation'] as const) {
      listOf(members.get(kind)).forEach((rule, index) => {
        const place = `${at}/${kind}/${index}`;
        if (!isNode(rule)) return this.fault(place, 'a rule must be an object');
        const inherited = new Map([...byTerm(rule, vocabulary)]);
        if (!inherited.has('target') && members.has('target')) inherited.set('target', members.get('target'));
        if (kind === 'obligation')
          return this.fault(place, 'give a duty inside the permission it belongs to');
        this.readRule(kind, inherited, place, vocabulary);
      });
    }
  }

  private readRule(
    kind: 'permission' | 'prohibition',
    rule: ReadonlyMap<string, unknown>,
    at: string,
    vocabulary: Vocabulary,
  ): void {
    const draft = this.draftOf(rule.get('target'), at, vocabulary);
    const rights = this.rightsOf(kind, rule, at, vocabulary);
    if (draft === undefined || rights === undefined) return;
    const unmet = this.readDuties(rule.get('duty'), draft, at, vocabulary);
    for (const right of rights) {
      if (kind === 'prohibition') draft.forbidden.add(right);
      else if (!unmet) draft.granted.add(right);
    }
  }

  private draftOf(target: unknown, at: string, vocabulary: Vocabulary): Draft | undefined {
    const asset = readAsset(target, vocabulary);
    if (!asset.ok) return this.fault(`${at}/target`, asset.detail);
    const { id } = asset.asset;
    const draft = this.drafts.get(id) ?? {
      asset: asset.asset,
      granted: new Set(),
      forbidden: new Set(),
      attributions: new Set(),
      watermarks: new Set(),
      licences: new Set(),
    };
    this.drafts.set(id, draft);
    return draft;
  }

  private rightsOf(
    kind: 'permission' | 'prohibition',
    rule: ReadonlyMap<string, unknown>,
    at: string,
    vocabulary: Vocabulary,
  ): readonly Right[] | undefined {
    const before = this.faults.length;
    const rights = listOf(rule.get('action')).flatMap((action) => {
      const name = nameOf(action);
      const term = name === undefined ? undefined : vocabulary.term(name);
      const right = term !== undefined && Object.hasOwn(RIGHTS, term) ? RIGHTS[term] : undefined;
      if (right === undefined || (right === 'compute' && kind === 'prohibition')) {
        this.fault(`${at}/action`, `${kind} of ${name ?? 'no action'} is no right of the registry`);
        return [];
      }
      if (isNode(action))
        this.refuseConstraints(byTerm(action, vocabulary), right, `${at}/action`, vocabulary);
      return [right];
    });
    if (rights.length === 0 && this.faults.length === before)
      this.fault(`${at}/action`, 'an action is missing');
    this.refuseConstraints(rule, rights[0], at, vocabulary);
    return this.faults.length > before ? undefined : rights;
  }

  /** Who is meant is understood: ourselves (InternalParty), or for distribution the world outside. */
  private refuseConstraints(
    members: ReadonlyMap<string, unknown>,
    right: Right | undefined,
    at: string,
    vocabulary: Vocabulary,
  ): void {
    for (const [name, value] of members) {
      if (name.startsWith('@') || RULE_MEMBERS.has(name)) continue;
      const parties = PARTY_MEMBERS.has(name) ? listOf(value).map((party) => nameOf(party)) : undefined;
      const understood = right === 'redistribute' ? 'externalparty' : 'internalparty';
      if (parties?.every((party) => party !== undefined && vocabulary.term(party) === understood)) continue;
      this.fault(`${at}/${name}`, `the registry cannot express "${name}" as it stands here`);
    }
  }

  /** @returns whether the permission waits for something that cannot be seen from here, such as a payment */
  private readDuties(duties: unknown, draft: Draft, at: string, vocabulary: Vocabulary): boolean {
    let unmet = false;
    listOf(duties).forEach((duty, index) => {
      const read = readDuty(isNode(duty) ? byTerm(duty, vocabulary) : new Map<string, unknown>(), vocabulary);
      switch (read.kind) {
        case 'attribution':
          draft.attributions.add(read.wording);
          break;
        case 'watermark':
          draft.watermarks.add(read.wording);
          break;
        case 'licence':
          draft.licences.add(read.wording);
          unmet = true;
          break;
        case 'usage-report':
          break;
        case 'unknown':
          this.fault(`${at}/duty/${index}`, read.detail);
      }
    });
    return unmet;
  }

  private fault(pointer: string, detail: string): undefined {
    this.faults.push({ pointer, detail: `${this.file}${pointer === '' ? '' : ` ${pointer}`}: ${detail}` });
  }
}

function rightsOf({ asset, granted, forbidden, attributions, watermarks, licences }: Draft): SourceRights {
  const may = (right: Right): boolean => granted.has(right) && !forbidden.has(right);
  const joined = (texts: ReadonlySet<string>): string | undefined =>
    texts.size === 0 ? undefined : [...texts].join(' ');
  const licence = joined(licences);
  const attribution = joined(attributions);
  const watermark = joined(watermarks);
  return {
    name: asset.name,
    display: may('display'),
    export: may('export') ? [...EXPORT_FORMATS] : [],
    redistribute: may('redistribute'),
    ...(licence === undefined ? {} : { licence }),
    ...(attribution === undefined ? {} : { attribution }),
    ...(watermark === undefined ? {} : { watermark }),
    environments: {},
  };
}

/** A node's members by their terms; what is of no known vocabulary keeps its name, so that it is seen as unknown. */
function byTerm(node: Node, vocabulary: Vocabulary): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(node).map(([name, value]) => [
      name.startsWith('@') ? name : (vocabulary.term(name) ?? name),
      value,
    ]),
  );
}

/** `"md:Display"`, `{"@id": …}`, `{"@type": …}` or ODRL's `{"rdf:value": {"@id": …}}`. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isNode(value)) return undefined;
  const name = value['@id'] ?? value['@type'] ?? value['type'] ?? nameOf(value['rdf:value']);
  return typeof name === 'string' ? name : undefined;
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value];

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

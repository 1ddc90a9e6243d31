import { isDawsosError } from '@dawsos/contracts';
import fc from 'fast-check';
import { parseRegistry } from './index';

const MD = 'https://www.w3.org/community/md-odrl-profile#';
const CONTEXT = ['http://www.w3.org/ns/odrl.jsonld', { md: MD, dcterms: 'http://purl.org/dc/terms/' }];

/** Exchange prices: to be shown and downloaded, attributed, not to be passed on. */
const POLICY = {
  '@context': CONTEXT,
  '@type': 'Offer',
  uid: 'https://example.com/policy/1',
  target: {
    uid: 'https://example.com/data/eod',
    'dcterms:identifier': 'exchange',
    'rdfs:label': 'The Exchange',
  },
  permission: [
    {
      action: 'md:Display',
      'md:users': [{ '@type': 'md:InternalParty' }],
      duty: [
        {
          action: 'md:Attach',
          target: { '@type': 'md:Attribution', 'md:wording': 'Prices of The Exchange.' },
        },
        {
          action: { '@id': `${MD}attach-0-9` },
          target: { '@type': 'md:Proscription', 'md:wording': 'No copies' },
        },
        { action: 'md:Report', target: { '@type': 'md:Usage' } },
      ],
    },
    { action: [{ '@id': `${MD}download-0-9` }, 'md:Derive'] },
  ],
  prohibition: [{ action: 'odrl:distribute', 'md:recipients': { '@type': 'md:ExternalParty' } }],
};

const read = (policy: unknown) => parseRegistry(JSON.stringify(policy), 'licences.jsonld').sources;

function faultsOf(policy: unknown): readonly string[] {
  try {
    read(policy);
    return [];
  } catch (error) {
    if (!isDawsosError(error)) throw error;
    return error.errors.map(({ detail }) => detail);
  }
}

describe('a registry in the vocabulary of the ODRL market-data profile', () => {
  it('says what ours says: display, export, redistribution, attribution, watermark', () => {
    expect(read(POLICY)).toEqual({
      exchange: {
        name: 'The Exchange',
        display: true,
        export: ['pdf', 'csv', 'json', 'xlsx'],
        redistribute: false,
        attribution: 'Prices of The Exchange.',
        watermark: 'No copies',
        environments: {},
      },
    });
  });

  it('grants nothing that it does not permit, nor what it forbids as well', () => {
    const target = 'urn:dawsos:source:feed';
    const only = (action: string, extra = {}) => ({
      '@context': CONTEXT,
      permission: [{ target, action }],
      ...extra,
    });
    expect(read(only('md:Display'))['feed']).toMatchObject({
      display: true,
      export: [],
      redistribute: false,
    });
    expect(read(only('use', { prohibition: [{ target, action: 'md:Display' }] }))['feed']).toMatchObject({
      display: false,
    });
    expect(read(only('md:Distribute'))['feed']).toMatchObject({ display: false, redistribute: true });
  });

  it('waits with what is to be paid for or agreed on, and names that as the licence', () => {
    const duty = { action: 'md:Compensate', 'rdfs:label': 'A display licence of the exchange.' };
    expect(
      read({
        '@context': CONTEXT,
        permission: [{ target: 'urn:dawsos:source:feed', action: 'md:Display', duty }],
      }),
    ).toMatchObject({ feed: { display: false, licence: 'A display licence of the exchange.' } });
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a constraint',
      { ...POLICY.permission[1], constraint: [{ leftOperand: 'dateTime' }] },
      /permission\/0\/constraint: .*"constraint"/,
    ],
    ['a purpose', { action: 'md:Display', 'md:purposes': 'md:Research' }, /purposes: .*"purposes"/],
    ['other users', { action: 'md:Display', 'md:users': 'md:NonProfessionalParty' }, /users/],
    ['an unknown action', { action: 'md:Reproduce' }, /permission of md:Reproduce is no right/],
    [
      'an action refined',
      { action: { '@type': 'md:Display', 'md:displayTypes': 'md:Wallboard' } },
      /action\/displaytypes/,
    ],
    ['an unknown duty', { action: 'md:Display', duty: { action: 'md:Notify' } }, /duty\/0: .*md:Notify/],
    [
      'no wording',
      { action: 'md:Display', duty: { action: 'md:Attach', target: { '@type': 'md:Attribution' } } },
      /md:wording/,
    ],
    ['no action', {}, /an action is missing/],
  ])('refuses what the registry cannot express, by its place: %s', (_name, rule, fault) => {
    const faults = faultsOf({ ...POLICY, permission: [rule], prohibition: [] });
    expect(faults.join('\n')).toMatch(fault);
    expect(faults.every((detail) => detail.startsWith('licences.jsonld /'))).toBe(true);
  });

  it('refuses a prohibition that nothing here could enforce, an unknown context and a nameless source', () => {
    expect(faultsOf({ ...POLICY, prohibition: [{ action: 'md:Derive' }] }).join()).toMatch(
      /prohibition of md:Derive/,
    );
    expect(faultsOf({ ...POLICY, '@context': 'https://example.com/own.jsonld' }).join()).toMatch(
      /not fetched/,
    );
    expect(faultsOf({ ...POLICY, target: 'https://example.com/data' }).join()).toMatch(
      /urn:dawsos:source:ID/,
    );
    expect(faultsOf({ ...POLICY, inheritFrom: 'https://example.com/policy/0' }).join()).toMatch(/inherit/);
    expect(faultsOf([]).join()).toMatch(/no policy/);
  });

  it('gives a registry or clear faults for any JSON', () => {
    const names = fc.constantFrom(
      'permission',
      'prohibition',
      'target',
      'action',
      'duty',
      '@graph',
      '@context',
      'md:Display',
      '__proto__',
      'urn:dawsos:source:a',
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        names,
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(names, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.oneof(fc.array(tree), fc.dictionary(names, tree)), (document) => {
        expect(Array.isArray(faultsOf(document))).toBe(true);
      }),
    );
  });
});

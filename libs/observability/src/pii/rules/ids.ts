import { defineRule, listed } from '../rule';

export const ids = defineRule({
  name: 'ids',
  action: 'pseudonym',
  reason: 'an id that joins across sinks',
  keys: listed(`
    user id, portfolio id, security id, =user, =portfolio, =security, uid, customer id, client id,
    account id, owner id, enduser id, principal, isin, cusip, sedol, figi, instrument id,
    user uuid, =owner, =customer, =client, holder id, member id, security uid
  `),
});

export const idInPath = defineRule({
  name: 'id-in-path',
  action: 'pseudonym',
  reason: 'an id in a path',
  pattern:
    /\/(?:users?|portfolios?|securities|security|customers?|clients?|owners?)\/([^/\s"'?#&<>)\]]{1,128})/gi,
  hints: ['/user', '/portfolio', '/securit', '/customer', '/client', '/owner'],
  group: 1,
});

export const idInWords = defineRule({
  name: 'id-in-words',
  action: 'pseudonym',
  reason: 'an id named in a sentence',
  pattern:
    /\b(?:user|portfolio|security|customer|client)(?:[ _-]?ids?)?[ ]{1,2}(?:is |was |= ?)?(?:"([^"\n]{1,128})"|'([^'\n]{1,128})'|`([^`\n]{1,128})`|“([^”\n]{1,128})”|((?=[\w.-]{0,63}\d)[\w.-]{2,64}))/gi,
  hints: ['user', 'portfolio', 'security', 'customer', 'client'],
  group: -1,
});

export const idNamedInWords = defineRule({
  name: 'id-named-in-words',
  action: 'pseudonym',
  reason: 'an id named in a sentence',
  pattern: /\b(?:user|portfolio|security|customer|client)[ _-]?ids?[ ]{1,2}(?:is |was )?([\w.-]{2,64})/gi,
  hints: ['user', 'portfolio', 'security', 'customer', 'client'],
  group: 1,
});

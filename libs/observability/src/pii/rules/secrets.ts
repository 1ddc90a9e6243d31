import { defineRule, listed } from '../rule';

export const secretFields = defineRule({
  name: 'secret-fields',
  action: 'redact',
  reason: 'a password, key, token or cookie',
  keys: listed(`
    password, ~passwd, pwd, passphrase, =pass, secret, ~token, api key, access key, jwt, private key,
    credential, authorization, =auth, cookie, session, bearer, otp, pin, cvv, cvc, csrf, xsrf,
    signature, dsn, connection string, database url, redis url, hash key, license key, ssh key,
    encryption key, signing key, idempotency key, oauth, =state, =nonce, webhook url,
    recovery code, security answer, account key, shared key, access code, auth code
  `),
});

export const privateKey = defineRule({
  name: 'private-key',
  action: 'redact',
  reason: 'a private key or certificate',
  pattern: /-----BEGIN [A-Z0-9 ]{1,40}-----[^-]{0,20000}(?:-----END [A-Z0-9 ]{1,40}-----)?/g,
  hints: ['-----begin'],
});

export const authScheme = defineRule({
  name: 'auth-scheme',
  action: 'redact',
  reason: 'credentials of a request',
  pattern: /\b(?:Bearer|Basic|Digest|Negotiate|ApiKey|Token)[ :=]{1,2}["']?([A-Za-z0-9._~+/=-]{6,2000})/gi,
  hints: ['bearer', 'basic', 'digest', 'negotiate', 'apikey', 'token'],
  group: 1,
});

/** A known prefix, in lower case, and the form of the key that has it. */
const PROVIDER_KEYS: readonly (readonly [prefix: string, form: RegExp])[] = [
  ['_live_', /[srp]k_live_\w{8,200}/],
  ['_test_', /[srp]k_test_\w{8,200}/],
  ['sk-', /sk-[\w-]{16,200}/],
  ['gh', /gh[pousr]_\w{16,255}/],
  ['github_pat_', /github_pat_\w{20,255}/],
  ['gl', /gl[a-z]{2,4}-[\w-]{16,200}/],
  ['xox', /xox[abeoprs]-[\w-]{10,250}/],
  ['xapp-', /xapp-[\w-]{10,250}/],
  ['akia', /AKIA[0-9A-Z]{12,20}/],
  ['asia', /ASIA[0-9A-Z]{12,20}/],
  ['agpa', /AGPA[0-9A-Z]{12,20}/],
  ['aida', /AIDA[0-9A-Z]{12,20}/],
  ['aroa', /AROA[0-9A-Z]{12,20}/],
  ['aiza', /AIza[\w-]{30,60}/],
  ['ya29.', /ya29\.[\w-]{10,400}/],
  ['gocspx-', /GOCSPX-[\w-]{20,40}/],
  ['sg.', /SG\.[\w-]{16,40}\.[\w-]{16,80}/],
  ['npm_', /npm_\w{30,60}/],
  ['pypi-', /pypi-[\w-]{16,300}/],
  ['_v1_', /do[po]_v1_\w{20,80}/],
  ['shp', /shp(?:at|ca|pa|ss)_\w{20,60}/],
  ['hf_', /hf_\w{20,60}/],
  ['eyj', /eyJ[\w-]{6,4000}\.[\w-]{2,4000}(?:\.[\w-]{0,4000})?/],
  ['hvs.', /hvs\.[\w-]{16,200}/],
  ['dapi', /dapi[0-9a-f]{32}/],
  ['sq0', /sq0[a-z]{3}-[\w-]{16,60}/],
  ['key-', /key-[0-9a-f]{32}/],
  ['whsec_', /whsec_\w{16,80}/],
  ['pmak-', /PMAK-[\w-]{20,80}/],
  ['lin_api_', /lin_api_\w{20,60}/],
  ['figd_', /figd_[\w-]{20,60}/],
  ['age-secret-key-', /AGE-SECRET-KEY-\w{20,80}/],
  ['eaa', /EAA[\w]{20,300}/],
  [':aa', /\d{8,10}:AA[\w-]{32,36}/],
  ['rk_', /rk_\w{16,200}/],
  ['pk.eyj', /pk\.eyJ[\w.-]{10,300}/],
  ['sl.', /sl\.[\w-]{40,200}/],
  ['dp.', /dp\.[a-z]{2,5}\.\w{30,60}/],
  ['secret_', /secret_\w{20,80}/],
  ['ntn_', /ntn_\w{20,80}/],
];

export const providerKey = defineRule({
  name: 'provider-key',
  action: 'redact',
  reason: 'a key of a known provider',
  pattern: new RegExp(`(?<![A-Za-z0-9])(?:${PROVIDER_KEYS.map(([, form]) => form.source).join('|')})`, 'g'),
  hints: PROVIDER_KEYS.map(([prefix]) => prefix),
});

export const twilioKey = defineRule({
  name: 'provider-key-hex',
  action: 'redact',
  reason: 'a key of a known provider',
  pattern: /(?<![A-Za-z0-9])(?:AC|SK)[0-9a-f]{32}/g,
  needs: { run: 34 },
});

export const secretInWords = defineRule({
  name: 'secret-in-words',
  action: 'redact',
  reason: 'a secret named in a sentence',
  pattern:
    /\b(?:password|passwd|pwd|passphrase|secret|token|api[ _-]?key|pin|otp|cvv|cvc)\b(?: (?:is|was|of|=)|:)? {1,2}["'`“]?((?=[^\s"'`”]{0,63}[\d!@#$%^&*_-])[^\s"'`”]{4,128}|(?<=(?:is|was) {1,2}["'`“]?)[^\s"'`”]{4,128})/gi,
  hints: ['pass', 'pwd', 'secret', 'token', 'api', 'pin', 'otp', 'cvv', 'cvc'],
  group: 1,
});

export const opaqueToken = defineRule({
  name: 'opaque-token',
  action: 'redact',
  reason: 'a long random word may be a key',
  pattern:
    /(?<![A-Za-z0-9_+/=-])(?=[A-Za-z0-9_+-]{0,200}\d)(?=[a-z0-9_+-]{0,200}[A-Z])(?=[A-Z0-9_+-]{0,200}[a-z])[A-Za-z0-9_+-]{24,2000}={0,2}/g,
  needs: { run: 24 },
});

/** One kind of what may never leave a process, as it is met in practice. All of it is made up. */
export interface PlantedSecret {
  readonly kind: string;
  /** The field that would hold it. */
  readonly key: string;
  readonly value: string;
  /** As an error message or a log line would speak of it. */
  readonly sentence: string;
}

const secret = (kind: string, key: string, value: string, sentence: string): PlantedSecret => ({
  kind,
  key,
  value,
  sentence: sentence.replace('…', value),
});

const PEM = `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAplantedPlanted0123456789\n-----END RSA PRIVATE KEY-----`;
// Put together from parts, so that scanners of source text take none of them for a real key.
const key = (...parts: readonly string[]): string => parts.join('');

const CREDENTIALS: readonly PlantedSecret[] = [
  secret('a password', 'password', 'Swordfish-77x', 'login failed: password is …'),
  secret('a passphrase', 'passphrase', 'correct-horse-9-battery', 'passphrase: …'),
  secret('an API key', 'api_key', 'ak-71f3Zq9Lm2', 'api_key=… was refused'),
  secret('an access token', 'accessToken', 'at.9f8e7d6c5b4a', 'access_token=…'),
  secret('a refresh token', 'refresh_token', 'rt-55aa66bb77cc', '{"refresh_token":"…"}'),
  secret('a client secret', 'clientSecret', 'cs-0a1b2c3d4e', 'client_secret=…&grant=x'),
  secret('a session id', 'session_id', 's%3Aq1w2e3r4t5', 'session_id=…'),
  secret('a cookie', 'cookie', 'sid=c00kieMonster42', 'Cookie: …'),
  secret('a CSRF token', 'csrf_token', 'csrf-8h7g6f5d', 'csrf_token=…'),
  secret(
    'an OAuth code',
    'oauth_code',
    '4/0AX4XfWh-planted-code',
    'callback ?code=…&state=1 https://a.test/?code=…',
  ),
  secret('a bearer token', 'authorization', 'Bearer pl4nted.bearer-token', 'Authorization: …'),
  secret(
    'basic authentication',
    'Proxy-Authorization',
    'Basic cGxhbnRlZDpiYXNpYw==',
    'Proxy-Authorization: …',
  ),
  secret(
    'a JWT',
    'jwt',
    key('eyJ', 'hbGciOiJub25lIn0', '.', 'eyJ', 'zdWIiOiJwbGFudGVkIn0', '.sig1'),
    'jwt … expired',
  ),
  secret('a one-time password', 'otp', '993-117', 'otp is …'),
  secret('a PIN', 'pin', '8831', 'pin is …'),
  secret('a PEM key', 'private_key', PEM, 'could not parse …'),
  secret(
    'an SSH key',
    'ssh_key',
    `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAIPlantedPlantedPlanted01'}`,
    'ssh_key=…',
  ),
  secret('an encryption key', 'encryptionKey', 'ek-3141592653', 'encryption_key=…'),
  secret('a hash key', 'PII_HASH_KEY', 'hk-2718281828', 'PII_HASH_KEY=…'),
  secret('an idempotency key', 'Idempotency-Key', 'idem-planted-1', 'Idempotency-Key: …'),
  secret('a licence key', 'license_key', 'LK-PLANTED-1', 'license_key=…'),
  secret('a webhook', 'webhook_url', 'https://hooks.example/T0/B0/plantedHook', 'webhook_url=…'),
  secret('a recovery code', 'recovery_code', 'rc-77-88-99', 'recovery_code=…'),
  secret('a Sentry DSN', 'SENTRY_DSN', 'https://plantedpublickey@errors.example/7', 'SENTRY_DSN=…'),
  secret(
    'a connection string',
    'DATABASE_URL',
    'postgres://bob:pl4ntedpw@db.example:5432/x',
    'cannot connect to …',
  ),
  secret('a Redis URL', 'redis_url', 'redis://:pl4ntedredis@cache.example:6379/0', 'cannot connect to …'),
  secret('a signed URL', 'signature', 'plantedSignature123', 'GET https://s3.example/o?X-Amz-Signature=…'),
];

const PROVIDER_KEYS: readonly PlantedSecret[] = [
  secret('an AWS key id', 'aws_access_key_id', key('AKIA', 'PLANTED7EXAMPLE9'), 'used …'),
  secret(
    'an AWS secret',
    'aws_secret_access_key',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYplanted',
    'aws_secret_access_key=…',
  ),
  secret('a Google key', 'google_api_key', key('AIza', 'SyPlanted0123456789abcdefghijklmnop'), 'used …'),
  secret('a GitHub token', 'github_token', key('ghp_', 'planted0123456789abcdefghijklmnopqrs'), 'used …'),
  secret('a GitLab token', 'gitlab_token', key('glpat-', 'planted01234567890ab'), 'used …'),
  secret('a Slack token', 'slack_token', key('xoxb-', '12345678901-planted'), 'used …'),
  secret('a Stripe key', 'stripe_api_key', key('sk_', 'live_', 'planted0123456789abc'), 'used …'),
  secret(
    'a SendGrid key',
    'sendgrid_token',
    key('SG.', 'planted012345678901', '.', 'planted0123456789abcdef'),
    'used …',
  ),
  secret('an npm token', 'npm_token', key('npm_', 'planted0123456789abcdefghijklmnopq'), 'used …'),
  secret('a PyPI token', 'pypi_token', key('pypi-', 'planted0123456789abcd'), 'used …'),
  secret('a Twilio key', 'twilio_token', key('SK', '0123456789abcdef0123456789abcdef'), 'used …'),
  secret('a Hugging Face token', 'hf_token', key('hf_', 'planted0123456789abcd'), 'used …'),
  secret('a key of a language model', 'llm_api_key', key('sk-', 'ant-planted0123456789abcd'), 'used …'),
  secret('a bot token', 'bot_token', key('123456789', ':AA', 'planted0123456789abcdefghijklmnop'), 'used …'),
];

const IDS: readonly PlantedSecret[] = [
  secret('a user id', 'user_id', 'planted-user-alice', 'user_id=… is not known'),
  secret('a user id in camel case', 'ownerUserId', 'planted-user-bob', '{"ownerUserId":"…"}'),
  secret('a portfolio id', 'portfolioId', 'planted-growth-77', 'portfolio "…" has no position'),
  secret('a security id', 'SECURITY-ID', 'planted-sec-551', 'security_id: … has no price'),
  secret('an ISIN', 'isin', 'CA0641491075', 'isin=…'),
  secret('a customer id', 'customer_id', 'planted-cust-9', 'GET https://crm.example/customers/…'),
  secret('an account id', 'accountId', 'planted-acc-12', 'account_id=…'),
];

const MONEY: readonly PlantedSecret[] = [
  secret('an amount', 'amount', '284120.55', 'sold for … CAD'),
  secret('an amount as written in German', 'balance', '1.284.120,77', 'Saldo €…'),
  secret('an amount as written in Swiss', 'marketValue', "1'284'120.99", 'worth CHF …'),
  secret('a salary', 'salary', '93120', 'salary=…'),
  secret('a quantity', 'quantity', '1234.5678', 'cannot sell …'),
  secret('a price', 'price', '187.6543', 'price=…'),
  secret('a German IBAN', 'iban', 'DE89370400440532013000', 'transfer to … failed'),
  secret('a British IBAN', 'beneficiary_iban', 'GB82 WEST 1234 5698 7654 32', 'transfer to … failed'),
  secret('a Swiss IBAN', 'ibanOfOwner', 'CH93 0076 2011 6238 5295 7', 'transfer to … failed'),
  secret('a Visa card', 'card_number', '4111 1111 1111 1111', 'card … declined'),
  secret('a Mastercard', 'pan', '5555555555554444', 'charged …'),
  secret('an American Express card', 'creditCard', '378282246310005', 'charged …'),
  secret('a card code', 'cvv', '7373', 'cvv is …'),
  secret('an account number', 'account_number', '00123456789', 'account … is closed'),
  secret('a routing number', 'routing_number', '021000021', 'routing number …'),
  secret('a sort code', 'sort_code', '20-00-77', 'sort code …'),
];

const PEOPLE: readonly PlantedSecret[] = [
  secret('an e-mail address', 'email', 'zoe.planted@mail.example', 'mail to … bounced'),
  secret('a name', 'client_name', 'Zoë Plantagenet', 'client_name=…'),
  secret('a Swiss telephone number', 'phone', '+41 44 668 18 77', 'call …'),
  secret('an American telephone number', 'mobile', '(415) 555-2671', 'call …'),
  secret('a social security number', 'ssn', '078-05-1120', 'ssn …'),
  secret('a British national insurance number', 'nino', 'QQ 12 34 56 C', 'nino=…'),
  secret('a Swiss social insurance number', 'ahv_social_insurance', '756.1234.5678.97', 'for …'),
  secret('a Canadian social insurance number', 'sin', '046 454 286', 'for …'),
  secret('a Spanish identity number', 'national_id', '12345678Z', 'for …'),
  secret('an Italian tax code', 'tax_id', 'RSSMRA85T10A562S', 'for …'),
  secret('a passport', 'passport_number', 'X4RTBPFW4', 'passport …'),
  secret('a birthday', 'date_of_birth', '7 March 1961', 'date_of_birth="…"'),
  secret('an address', 'street', '12 Plantation Row', 'street="…"'),
  secret('an IP address', 'client_ip', '203.0.113.77', 'from …'),
  secret('a name in a path', 'home_folder', '/home/zplanted/x', 'ENOENT /home/zplanted/x'),
];

/** Every kind of DESIGN section 5, and what probes are known to carry. */
export const PLANTED_SECRETS: readonly PlantedSecret[] = [
  ...CREDENTIALS,
  ...PROVIDER_KEYS,
  ...IDS,
  ...MONEY,
  ...PEOPLE,
];

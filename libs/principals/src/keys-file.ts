import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  DawsosError,
  MOST_FIELD_ERRORS,
  PermissionSchema,
  PortfolioIdSchema,
  ScopeSchema,
  type Principal,
  type Scope,
} from '@dawsos/contracts';
import { z } from 'zod';
import { generateApiKey, hashApiKey } from './api-key';
import { locked } from './locked';

/** Who a key stands for: letters, digits and `_ . @ -`, 64 at most. `local` is the principal of the embedded default. */
export const PrincipalIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/, {
    error: 'must be letters, digits, _ . @ -, 64 at most',
  })
  .refine((id) => id !== 'local', { error: 'must not be "local": that is the principal without a key' });

const PermissionsSchema = z.union([z.literal('*'), z.array(PermissionSchema)]);

const RecordSchema = z.strictObject({
  key_id: z.string().regex(/^k_[0-9a-f]{16}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  principal: PrincipalIdSchema,
  scopes: z.array(ScopeSchema).min(1),
  portfolios: z.union([z.literal('*'), z.array(PortfolioIdSchema)]),
  permissions: PermissionsSchema.default('*'),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable().default(null),
});
/** Files of before call the permissions `rights`. */
export const KeyRecordSchema = z.preprocess(withPermissions, RecordSchema);
/** One key as the file holds it: never the key itself, only its SHA-256. */
export type KeyRecord = z.output<typeof KeyRecordSchema>;

export const KeysFileSchema = z.strictObject({ version: z.literal(1), keys: z.array(KeyRecordSchema) });
export type KeysFile = z.output<typeof KeysFileSchema>;

function withPermissions(record: unknown): unknown {
  if (typeof record !== 'object' || record === null || !('rights' in record)) return record;
  const { rights, ...rest } = record;
  return { permissions: rights, ...rest };
}

const OWNER_ONLY = 0o600;

/** @throws DawsosError `invalid_configuration` naming the field that is wrong */
export function parseKeysFile(text: string): KeysFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DawsosError('invalid_configuration', 'The file of the API keys is not JSON.', { cause });
  }
  const parsed = KeysFileSchema.safeParse(json);
  if (!parsed.success) throw invalid('The file of the API keys', parsed.error);
  return parsed.data;
}

function parseRecord(record: z.input<typeof RecordSchema>): KeyRecord {
  const parsed = KeyRecordSchema.safeParse(record);
  if (!parsed.success) throw invalid('The new key', parsed.error);
  return parsed.data;
}

function invalid(what: string, error: z.ZodError): DawsosError {
  const faults = error.issues
    .slice(0, MOST_FIELD_ERRORS)
    .map((issue) => `/${issue.path.join('/')} ${issue.message}`);
  return new DawsosError('invalid_configuration', `${what} is not valid: ${faults.join('; ')}.`);
}

/** @throws DawsosError `invalid_configuration` when the file is missing, unreadable or not valid */
export function readKeysFile(file: string): KeysFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DawsosError(
      'invalid_configuration',
      `The file of the API keys cannot be read: ${file}. Make it with "dawsos keys create NAME --file ${file}".`,
      { cause },
    );
  }
  return parseKeysFile(text);
}

export interface NewKey {
  readonly principal: string;
  readonly scopes: readonly Scope[];
  readonly portfolios: Principal['portfolios'];
  /** The permissions that patterns may ask for; all when absent. */
  readonly permissions?: readonly string[] | undefined;
  readonly createdAt: Date;
  readonly expiresAt?: Date | undefined;
}

/**
 * Makes a key, adds its record to `file` (made when it is not there, readable by its owner only) and returns
 * the key, which stands nowhere else.
 * @throws DawsosError `invalid_configuration` when the file or a field of `key` is not valid
 */
export function createKey(file: string, key: NewKey): { readonly key: string; readonly record: KeyRecord } {
  const secret = generateApiKey();
  const record = parseRecord({
    key_id: `k_${randomBytes(8).toString('hex')}`,
    sha256: hashApiKey(secret),
    principal: key.principal,
    scopes: [...new Set(key.scopes)],
    portfolios: key.portfolios === '*' ? '*' : [...key.portfolios],
    permissions: key.permissions === undefined ? '*' : [...new Set(key.permissions)],
    created_at: key.createdAt.toISOString(),
    expires_at: key.expiresAt?.toISOString() ?? null,
  });
  locked(file, () => writeKeysFile(file, { version: 1, keys: [...readOrStart(file).keys, record] }));
  return { key: secret, record };
}

/** Removes a key: processes that use the file refuse it from their next look at it. False when there is no such key. */
export function revokeKey(file: string, keyId: string): boolean {
  readKeysFile(file);
  return locked(file, () => {
    const { keys } = readKeysFile(file);
    const left = keys.filter((record) => record.key_id !== keyId);
    if (left.length === keys.length) return false;
    writeKeysFile(file, { version: 1, keys: left });
    return true;
  });
}

function readOrStart(file: string): KeysFile {
  try {
    return parseKeysFile(readFileSync(file, 'utf8'));
  } catch (error) {
    if (isMissingFile(error)) return { version: 1, keys: [] };
    throw error;
  }
}

export function isMissingFile(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/** Written beside and renamed, so that a reader never sees half a file. */
function writeKeysFile(file: string, keys: KeysFile): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${randomBytes(6).toString('hex')}.new`;
  writeFileSync(beside, `${JSON.stringify(keys, null, 2)}\n`, { mode: OWNER_ONLY });
  chmodSync(beside, OWNER_ONLY);
  renameSync(beside, file);
}

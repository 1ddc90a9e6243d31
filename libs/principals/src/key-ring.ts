import { readFileSync, statSync } from 'node:fs';
import type { Principal } from '@dawsos/contracts';
import { digestsEqual, hasApiKeyForm, hashApiKey } from './api-key';
import { isMissingFile, parseKeysFile, readKeysFile, type KeyRecord } from './keys-file';

export interface KnownKey {
  readonly keyId: string;
  readonly principal: Principal;
}

/** The keys in force. */
export interface KeyRing {
  /** Who the key stands for; undefined when it is unknown, revoked or expired. */
  authenticate(key: string): KnownKey | undefined;
  /** False from the moment that a key was revoked or has expired. */
  isActive(keyId: string): boolean;
  /** The principal as each of its keys in force has it: what no single key may is not to be had by two of them. */
  principalsOf(principalId: string): readonly Principal[];
  close(): void;
}

export interface KeyRingOptions {
  readonly file: string;
  readonly now: () => Date;
  /** The file changed and is not valid: the keys of before stay in force. */
  readonly onInvalidFile: (error: unknown) => void;
  readonly pollMilliseconds?: number;
}

const POLL_MILLISECONDS = 1_000;

/**
 * The keys of a file, read again when it has changed: it is looked at whenever a key is asked for, so that a revoked
 * one is refused at once, and every second. A watch on the inode would miss a secret that Kubernetes swaps by a
 * symbolic link. A file that vanished means no keys; one that is not valid leaves the
 * keys of before in force, since an editor may be half way through.
 * @throws DawsosError `invalid_configuration` when the file cannot be read at first
 */
export function openKeyRing(options: KeyRingOptions): KeyRing {
  const { file, now, onInvalidFile, pollMilliseconds = POLL_MILLISECONDS } = options;
  // Taken before the file is read: a change in between is then seen at the next poll.
  let version = versionOf(file);
  let records: readonly KeyRecord[] = readKeysFile(file).keys;

  function reloadIfChanged(): void {
    const found = versionOf(file);
    if (found === version) return;
    version = found;
    try {
      records = parseKeysFile(readFileSync(file, 'utf8')).keys;
    } catch (error) {
      if (isMissingFile(error)) records = [];
      onInvalidFile(error);
    }
  }

  const inForce = (record: KeyRecord) =>
    record.expires_at === null || Date.parse(record.expires_at) > now().getTime();

  const timer = setInterval(reloadIfChanged, pollMilliseconds).unref();
  return {
    authenticate(key) {
      reloadIfChanged();
      const digest = hashApiKey(key);
      // Every record is compared, so that the time does not tell which one was near.
      const matches = records.filter((record) => digestsEqual(record.sha256, digest));
      const record = hasApiKeyForm(key) ? matches.find(inForce) : undefined;
      return record === undefined ? undefined : { keyId: record.key_id, principal: principalOf(record) };
    },
    isActive: (keyId) => {
      reloadIfChanged();
      return records.some((record) => record.key_id === keyId && inForce(record));
    },
    principalsOf: (principalId) => {
      reloadIfChanged();
      return records.filter((record) => record.principal === principalId && inForce(record)).map(principalOf);
    },
    close: () => clearInterval(timer),
  };
}

/** What changes whenever the file does, through symbolic links too. */
function versionOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined
    ? 'missing'
    : [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ');
}

function principalOf({ principal: id, scopes, portfolios, permissions }: KeyRecord): Principal {
  return { id, scopes, portfolios, ...(permissions === '*' ? {} : { permissions }) };
}

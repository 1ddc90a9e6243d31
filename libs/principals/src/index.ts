export { digestsEqual, generateApiKey, hasApiKeyForm, hashApiKey } from './api-key';
export {
  createKey,
  KeyRecordSchema,
  KeysFileSchema,
  parseKeysFile,
  PrincipalIdSchema,
  readKeysFile,
  revokeKey,
  type KeyRecord,
  type KeysFile,
  type NewKey,
} from './keys-file';
export { openKeyRing, type KeyRing, type KeyRingOptions, type KnownKey } from './key-ring';
export { createKeyUse, readKeyUse, type KeyUse, type KeyUseOptions } from './key-use';

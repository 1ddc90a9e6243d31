import type { Rule } from '../rule';
import { telemetryFields, uuid, traceparent, hash, dateTime, packId, duration, version } from './readable';
import {
  secretFields,
  privateKey,
  authScheme,
  providerKey,
  twilioKey,
  secretInWords,
  opaqueToken,
} from './secrets';
import { ids, idInPath, idInWords, idNamedInWords } from './ids';
import {
  accountFields,
  amountFields,
  iban,
  card,
  amount,
  longNumber,
  accountInPath,
  accountInWords,
} from './money';
import { personFields, email, nationalId, phone, homeFolder, ipAddress } from './people';
import { payloads, databaseDetail } from './payloads';

/**
 * The rule table. Order matters: the first rule that names a key decides, and what a `keep` pattern found is not
 * looked at again. A `keys` entry that starts with `=` is the whole name; others may be words of
 * it, in a row; those of six letters or more, and those that start with `~`, are found without spaces too: USEREMAIL.
 */
export const DEFAULT_RULES: readonly Rule[] = [
  telemetryFields,
  uuid,
  traceparent,
  hash,
  dateTime,
  packId,
  duration,
  version,
  secretFields,
  ids,
  accountFields,
  personFields,
  amountFields,
  payloads,
  privateKey,
  authScheme,
  providerKey,
  twilioKey,
  email,
  iban,
  card,
  nationalId,
  phone,
  amount,
  longNumber,
  homeFolder,
  idInPath,
  accountInPath,
  idInWords,
  idNamedInWords,
  secretInWords,
  accountInWords,
  databaseDetail,
  ipAddress,
  opaqueToken,
];

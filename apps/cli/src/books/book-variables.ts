import type { VariableName } from '@dawsos/configuration';

/** The settings that say which books are served: a command that works on an instance takes them from it. */
export const BOOK_VARIABLES = [
  'LEDGER_REPO',
  'LEDGER_FILE',
  'LEDGER_REF',
  'PRICES_DIR',
  'SOURCES_DIR',
  'TODAY',
  'PACK_POLICY',
] as const satisfies readonly VariableName[];

import type { ColumnType } from 'kysely';

/** Who does what one process alone does. */
export interface LeaseTable {
  name: string;
  holder: string;
  expires_at: ColumnType<Date, Date | string, Date | string>;
}

export interface LeaseTables {
  lease: LeaseTable;
}

import { stringify } from 'csv-stringify/sync';
import { UsageRowSchema, type UsageRow } from '@dawsos/rights';

/** The usage report as CSV with a header; its texts are ids and names of ours, none that a spreadsheet runs. */
export function usageCsv(rows: readonly UsageRow[]): string {
  return stringify([...rows], {
    header: true,
    columns: Object.keys(UsageRowSchema.shape),
    record_delimiter: '\r\n',
  });
}

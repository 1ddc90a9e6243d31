import { ERROR_CODES } from './error-codes';

/** docs/error-codes.md, from the table. */
export function errorCodeReference(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, entry]) =>
      `| <a id="${code}"></a>\`${code}\` | ${entry.status} | ${entry.retryable ? 'yes' : 'no'} | ${entry.title} | ${entry.remedy} |`,
  );
  return [
    '# Error codes',
    '',
    'Every 4xx and 5xx answer, and every failed run, carries one of these codes in a problem body (RFC 9457). Generated from `libs/contracts/src/error-codes.ts`.',
    '',
    '| code | status | retry | meaning | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

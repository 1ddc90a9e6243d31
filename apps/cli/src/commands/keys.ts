import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES, ScopeSchema, type Scope } from '@dawsos/contracts';
import { EXIT } from '@dawsos/service';
import type { KeyRecord } from '@dawsos/principals';
import { Option, type Command } from 'commander';
import { CliError, usageError } from '../cli-error';
import { optionsOf, placesOf, type CliContext, type GlobalOptions } from '../context';
import { renderTable } from '../render/table';
import { withDatabase } from './store';

interface CreateOptions extends GlobalOptions {
  readonly file?: string;
  readonly scopes: string;
  readonly portfolios: string;
  readonly permissions?: string;
  /** The name of before. */
  readonly rights?: string;
  readonly expires?: string;
}

export function addKeys(program: Command, context: CliContext): void {
  const keys = program.command('keys').description('make, list and revoke API keys');
  const fileOption = 'the file of the keys (default: API_KEYS_FILE, else keys.json in the data folder)';
  keys
    .command('create')
    .argument('<principal>', 'who the key stands for')
    .description('make a key; it is printed once and stored as a digest only')
    .option('--file <file>', fileOption)
    .option('--scopes <list>', `of ${SCOPES.join(', ')}`, 'execute,read')
    .option('--portfolios <list>', 'the portfolios that it may see, or *', '*')
    .option(
      '--permissions <list>',
      'of those that patterns ask for, such as portfolio_read, or * (default: *)',
    )
    .addOption(new Option('--rights <list>', 'the same').hideHelp())
    .option('--expires <time>', 'when it ends, ISO 8601')
    .action(async (principal: string, _options: unknown, command: Command) => {
      await create(context, principal, optionsOf<CreateOptions>(command));
    });
  keys
    .command('list')
    .description('list the keys, without the keys themselves: when each was made, last used and ends')
    .option('--file <file>', fileOption)
    .action(async (_options: unknown, command: Command) => {
      const options = optionsOf<{ file?: string }>(command);
      const file = fileOf(context, options);
      const { readKeysFile } = await import('@dawsos/principals');
      const found = existsSync(file) ? readKeysFile(file).keys : [];
      const used = found.length === 0 ? new Map<string, Date>() : await usesOf(context, options);
      const records = found.map((record) => ({ ...record, last_used_at: used?.get(record.key_id) ?? null }));
      if (options.json === true) context.terminal.json({ keys: records.map(withoutDigest) });
      else if (records.length === 0)
        context.terminal.note(`no keys in ${file}; make one: dawsos keys create NAME`);
      else list(context, records, used !== undefined);
    });
  keys
    .command('revoke')
    .argument('<key-id>', 'such as k_0123456789abcdef')
    .description('end a key; running services refuse it within seconds')
    .option('--file <file>', fileOption)
    .action(async (keyId: string, _options: unknown, command: Command) => {
      const { revokeKey } = await import('@dawsos/principals');
      const file = fileOf(context, optionsOf<{ file?: string }>(command));
      if (!revokeKey(file, keyId)) {
        throw new CliError(`no key ${keyId} in ${file}`, EXIT.noInput, {
          fix: 'list them: dawsos keys list',
        });
      }
      context.terminal.note(`revoked ${keyId}`);
    });
}

function fileOf(context: CliContext, options: GlobalOptions & { readonly file?: string }): string {
  return (
    options.file ?? context.environment['API_KEYS_FILE'] ?? join(placesOf(context, options).data, 'keys.json')
  );
}

/** As the API notes it in the database; undefined where there is none to ask. */
async function usesOf(
  context: CliContext,
  options: GlobalOptions,
): Promise<ReadonlyMap<string, Date> | undefined> {
  const { readKeyUse } = await import('@dawsos/principals');
  try {
    return await withDatabase(context, options, readKeyUse);
  } catch {
    return undefined;
  }
}

async function create(context: CliContext, principal: string, options: CreateOptions): Promise<void> {
  const { createKey } = await import('@dawsos/principals');
  const file = fileOf(context, options);
  const { key, record } = createKey(file, {
    principal,
    scopes: scopesOf(options.scopes),
    portfolios: options.portfolios === '*' ? '*' : options.portfolios.split(','),
    permissions: permissionsOf(options),
    createdAt: new Date(context.now()),
    expiresAt: options.expires === undefined ? undefined : timeOf(options.expires),
  });
  if (options.json === true) context.terminal.json({ key, ...withoutDigest(record) });
  else context.terminal.print(key);
  context.terminal.note(`${record.key_id} in ${file}; this is the only time that the key is shown.`);
  context.terminal.note(`Use it: DAWSOS_API_KEY=…, or the header "Authorization: Bearer …".`);
}

function withoutDigest<R extends KeyRecord>({ sha256: _sha256, ...record }: R): Omit<R, 'sha256'> {
  return record;
}

function permissionsOf({ permissions, rights }: CreateOptions): readonly string[] | undefined {
  const list = permissions ?? rights ?? '*';
  return list === '*' ? undefined : list.split(',');
}

function scopesOf(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = ScopeSchema.safeParse(name.trim());
    if (!scope.success) throw usageError(`${name} is no scope`, `give some of ${SCOPES.join(', ')}`);
    return scope.data;
  });
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw usageError(`${text} is no time`, 'write it as 2026-12-31T23:59:59Z');
  return time;
}

interface UsedKey extends KeyRecord {
  readonly last_used_at: Date | null;
}

function list({ terminal }: CliContext, records: readonly UsedKey[], usesAreKnown: boolean): void {
  const lines = renderTable(
    ['key', 'principal', 'scopes', 'portfolios', 'permissions', 'made', 'last used', 'ends'].map((title) => ({
      title,
      align: 'left',
    })),
    records.map((record) => [
      record.key_id,
      record.principal,
      record.scopes.join(','),
      record.portfolios === '*' ? '*' : record.portfolios.join(','),
      record.permissions === '*' ? '*' : record.permissions.join(','),
      record.created_at.slice(0, 10),
      record.last_used_at?.toISOString().slice(0, 10) ?? (usesAreKnown ? 'never' : 'unknown'),
      record.expires_at?.slice(0, 10) ?? 'never',
    ]),
  );
  for (const line of lines) terminal.print(line);
}

import { sql } from 'kysely';
import type { Database } from './database';
import { withStore } from './unavailable';

interface Line {
  readonly line: string;
}

/** Tables with their columns and constraints, one line each, in the order of their names. */
const TABLES = sql<Line>`
  select format('table %s%s', c.relname, coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', ''))
      as line, c.relname as item, 0 as kind, 0 as position, '' as name
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and c.relname not like 'kysely\\_%'
  union all
  select format('  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attcollation <> t.typcollation then ' collate ' || quote_ident(l.collname) else '' end,
      case when a.attnotnull then ' not null' else '' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')),
      c.relname, 1, a.attnum, ''
    from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_type t on t.oid = a.atttypid
      left join pg_collation l on l.oid = a.attcollation
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely\\_%'
      and a.attnum > 0 and not a.attisdropped
  union all
  select format('  constraint %s %s', k.conname, pg_get_constraintdef(k.oid)), c.relname, 2, 0, k.conname
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely\\_%' and k.contype <> 'n'
  union all
  select '  ' || pg_get_indexdef(i.indexrelid), c.relname, 3, 0, x.relname
    from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely\\_%'
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
  union all
  select '  ' || pg_get_triggerdef(g.oid), c.relname, 4, 0, g.tgname
    from pg_trigger g join pg_class c on c.oid = g.tgrelid
    where c.relnamespace = 'public'::regnamespace and not g.tgisinternal
  order by item, kind, position, name`;

const FUNCTIONS = sql<Line>`
  select pg_get_functiondef(p.oid) as line from pg_proc p
    where p.pronamespace = 'public'::regnamespace order by p.proname`;

/**
 * The schema as text, the same on every machine: committed as schema.sql, so that a change of it is seen in
 * review. It is read, not run: what runs are the migrations.
 */
export async function dumpSchema(database: Database): Promise<string> {
  return withStore(async () => {
    const [tables, functions] = [
      await TABLES.execute(database.kysely),
      await FUNCTIONS.execute(database.kysely),
    ];
    const blocks = tables.rows.map(({ line }) => (line.startsWith('table ') ? `\n${line}` : line));
    const bodies = functions.rows.map(({ line }) => `\n${line.trimEnd()}`);
    return `-- Generated from the migrations by libs/database/scripts/write-schema.cjs; read by people, not run.\n${[...blocks, ...bodies].join('\n')}\n`;
  });
}

import { VARIABLES } from './variables';

/** docs/configuration.md, from the table. */
export function configurationReference(): string {
  const rows = Object.entries(VARIABLES).map(([name, variable]) => {
    const fallback = variable.schema.safeParse(undefined);
    const shown = fallback.success ? textOf(fallback.data) : undefined;
    const value = shown === undefined ? 'required' : shown === '' ? 'optional' : `\`${shown}\``;
    const file = variable.secret ? ` Also from the file that \`${name}_FILE\` names.` : '';
    return `| \`${name}\` | ${value} | ${variable.about}${file} | \`${variable.example}\` |`;
  });
  return [
    '# Configuration',
    '',
    'Each process reads these variables once, at start; one that is wrong ends it with exit code 78 and a line that names it. Generated from `libs/configuration/src/variables.ts`.',
    '',
    '| variable | default | what for | example |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** A default as one would set it: the schema takes every value that the page shows. */
function textOf(value: string | number | boolean | readonly string[] | undefined): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.join(',') : String(value ?? '');
}

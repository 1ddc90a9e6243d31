import { VARIABLES } from './variables';

/** docs/configuration.md, from the table. */
export function configurationReference(): string {
  const rows = Object.entries(VARIABLES).map(([name, variable]) => {
    const fallback = variable.schema.safeParse(undefined);
    const value = fallback.success
      ? fallback.data === undefined
        ? 'optional'
        : `\`${String(fallback.data)}\``
      : 'required';
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

'use strict';
// npx nx g ./tools/house:capability ledger.cash_balance --agent financial-analyst

const camel = (words) =>
  words.map((word, at) => (at === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');

const source = (name, constant) => `import { z } from 'zod';
import { defineCapability } from '../capability';
import { DateField } from '../financial-analyst/decimal-fields';

export const ${constant} = defineCapability({
  name: '${name}',
  description: 'Say what it answers, in which units and in which currency.',
  args: z.strictObject({}),
  result: z.object({ asof_date: DateField }),
  run: (_, { asofDate }) => ({ asof_date: asofDate }),
});
`;

const test = (name) => `import { smallWorld } from '../financial-analyst/__fixtures__/small-world';

describe('${name}', () => {
  it('answers as of the day that was asked for', async () => {
    const world = await smallWorld('', '2024-01-31');
    await expect(world('${name}')).resolves.toEqual({ asof_date: '2024-01-31' });
  });
});
`;

/** The agent lists its capabilities in an array; a new one is its last. */
function withCapability(agent, constant, file) {
  const end = agent.indexOf('\n    ],\n', agent.indexOf('capabilities: ['));
  if (end < 0) throw new Error('the agent has no list of capabilities, one a line');
  const listed = `${agent.slice(0, end)}\n      ${constant},${agent.slice(end)}`;
  const lastImport = listed.lastIndexOf('\nimport ');
  const after = listed.indexOf('\n', lastImport + 1);
  return `${listed.slice(0, after)}\nimport { ${constant} } from './${file}';${listed.slice(after)}`;
}

module.exports = async function generateCapability(tree, { name, agent }) {
  const folder = `libs/agents/src/${agent}`;
  const agentFile = `${folder}/${agent}.ts`;
  if (!tree.exists(agentFile)) throw new Error(`there is no agent ${agent} (${agentFile})`);
  const words = name.split(/[._]/);
  const [file, constant] = [words.join('-'), camel(words)];
  if (tree.exists(`${folder}/${file}.ts`)) throw new Error(`${folder}/${file}.ts is there already`);
  tree.write(`${folder}/${file}.ts`, source(name, constant));
  tree.write(`${folder}/${file}.test.ts`, test(name));
  tree.write(agentFile, withCapability(tree.read(agentFile, 'utf8'), constant, file));
};

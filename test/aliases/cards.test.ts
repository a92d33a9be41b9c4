import { expect, test } from 'vitest';
import type { Tool } from '../../core/types.ts';
import type { ToolList } from '../../envs/processes/tool-list.ts';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { addServers, serverDefinition } from '../../envs/server-list.ts';
import { adoptToolLists } from '../../envs/toolspaces.ts';

const toolOf = (server: string, name: string): Tool => ({
  server,
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: {} },
});
const instructions = 'Call get_note first.';
const listOf = (server: string, ...names: readonly string[]): ToolList => ({
  tools: names.map((name) => toolOf(server, name)),
  quarantined: [],
  instructions,
});
const draw = { share: 1, seed: 1, vocabulary: 'test', heldOutServers: [] } as const;

test('what servers say of themselves names their own tools by aliases, also those that others have and single words', () => {
  addServers(['memory', 'filesystem'].map((name) => ({ ...serverDefinition(name), summary: '', own: {} as never })));
  adoptToolLists({
    memory: listOf('memory', 'get_note', 'search'),
    filesystem: listOf('filesystem', 'get_note', 'list'),
  });
  const { toolspace, translation } = aliasedToolspace(['memory', 'filesystem'], draw);
  for (const { server, alias, tools } of translation.names) {
    const card = toolspace.servers.find(({ name }) => name === alias);
    const noteAlias = tools.find(({ tool }) => tool === 'get_note')?.alias;
    expect(card, server).toEqual({
      name: alias,
      summary: `Has the tools ${tools.map((tool) => tool.alias).join(', ')}.`,
      instructions: `Call ${noteAlias} first.`,
    });
    expect(toolspace.tools.find(({ name }) => name === noteAlias)?.description).toContain(noteAlias);
  }
  const texts = ['Paper, one.', 'Paper, two.', 'Paper, three.'];
  const given = aliasedToolspace(['memory'], { ...draw, paraphrases: { servers: { memory: texts }, tools: {} } });
  expect(texts).toContain(given.toolspace.servers[0]?.summary);
});

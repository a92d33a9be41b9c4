import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { namesInText, withParameters } from '../../core/aliases/named-in-text.ts';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { parametersOf, renamedSchema } from '../../envs/aliases/schema.ts';
import { argumentFaults } from '../../envs/argument-check.ts';
import { installableNames, serverNames } from '../../envs/server-list.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';

const described = (property: unknown) => property as JsonObject;
const renamed = (schema: JsonObject, ...parameters: readonly [string, string][]) =>
  renamedSchema(schema, { parameters, described, aside: (part) => part });

describe('a schema with other names', () => {
  test('asks for the same, wherever it speaks of its parameters', () => {
    const schema = {
      type: 'object',
      properties: {
        path: { type: 'string' },
        edits: {
          type: 'array',
          items: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
        },
        more: { $ref: '#/properties/edits/items' },
      },
      required: ['path'],
      dependentRequired: { edits: ['more'] },
      anyOf: [{ required: ['edits'] }, { properties: { path: { const: 'all' } } }],
      additionalProperties: false,
    };
    const other = renamed(schema, ['edits', 'changes'], ['more', 'further'], ['path', 'place']);
    expect(Object.keys(other['properties'] as object)).toEqual(['changes', 'further', 'place']);
    for (const [args, same] of [
      [{ path: 'all' }, { place: 'all' }],
      [{ path: 'a' }, { place: 'a' }],
      [
        { path: 'a', edits: [{ path: 'b' }], more: { path: 'c' } },
        { place: 'a', changes: [{ path: 'b' }], further: { path: 'c' } },
      ],
      [
        { path: 'a', edits: [] },
        { place: 'a', changes: [] },
      ],
      [
        { path: 'a', edits: [{}], more: 1 },
        { place: 'a', changes: [{}], further: 1 },
      ],
    ] as const)
      expect(argumentFaults(other, same) === undefined, JSON.stringify(same)).toBe(
        argumentFaults(schema, args) === undefined,
      );
    expect(argumentFaults(other, {})).toContain("must have required property 'place'");
    expect(argumentFaults(other, { path: 'all' })).toContain('"path"');
  });

  test('says them in examples, defaults and constants of all arguments', () => {
    const args = { path: 'a', other: { path: 'b' } };
    const same = { place: 'a', other: { path: 'b' } };
    const schema = { properties: { path: {} }, default: args, examples: [args, 'a'], const: args, enum: [args] };
    expect(renamed(schema, ['path', 'place'])).toEqual({
      properties: { place: {} },
      default: same,
      examples: [same, 'a'],
      const: same,
      enum: [same],
    });
  });

  test('keeps its names where it speaks of them by patterns or elsewhere', () => {
    expect(parametersOf({ $ref: '#/$defs/all', properties: { a: {} } })).toEqual({ names: ['a'], canBeRenamed: false });
    expect(parametersOf({ properties: { a: {} }, patternProperties: {} }).canBeRenamed).toBe(false);
    expect(parametersOf({ properties: { a: { $ref: '#/properties/b' } } }).canBeRenamed).toBe(true);
  });
});

test('all tools of the catalogue have schemas that can be used under other names', () => {
  const servers = serverNames.filter((name) => !installableNames.includes(name));
  const { toolspace, translation } = aliasedToolspace(servers, {
    share: 1,
    seed: 5,
    vocabulary: 'train',
    heldOutServers: [],
  });
  const real = new Map(toolspaceOf(servers).tools.map((tool) => [`${tool.server} ${tool.name}`, tool]));
  expect(toolspace.tools).toHaveLength(real.size);
  for (const { server, name, description, inputSchema } of toolspace.tools) {
    const names = translation.toolNames({ server, tool: name });
    const before = real.get(`${translation.realServer(server)} ${names?.tool}`);
    expect(before, name).toBeDefined();
    expect(parametersOf(inputSchema).names.toSorted()).toEqual(names?.parameters.map(([, alias]) => alias).toSorted());
    for (const [parameter, alias] of names?.parameters ?? []) expect(alias, `${name} ${parameter}`).not.toBe(parameter);
    if (before?.description) expect(description).not.toBe(before.description);
    // What is missing has the same number of faults, each by its other name.
    expect(argumentFaults(inputSchema, {})?.split('; ').length).toBe(
      argumentFaults(before?.inputSchema ?? {}, {})?.split('; ').length,
    );
  }
});

test('no title, description or example of a schema, as FastMCP writes them, says a real name', () => {
  const draw = { share: 1, seed: 5, vocabulary: 'train', heldOutServers: [] } as const;
  const { aliasedTools, translation } = aliasedToolspace(['filesystem'], draw);
  const [shown] = aliasedTools('filesystem', [
    {
      server: 'filesystem',
      name: 'read_text_file',
      title: 'Read Text File',
      description: 'Reads a file.',
      inputSchema: {
        $defs: {
          Lines: {
            title: 'Lines',
            description: 'Of what read_text_file gives.',
            properties: { from: { title: 'From', description: 'After `path`.', type: 'integer' } },
          },
        },
        properties: {
          path: { title: 'Path', description: 'As for move_file.', type: 'string' },
          head: { anyOf: [{ $ref: '#/$defs/Lines' }, { title: 'Head', type: 'null' }], title: 'Head', default: null },
        },
        required: ['path'],
        title: 'read_text_fileArguments',
        description: 'What read_text_file takes, by `path`.',
        examples: [{ path: 'a.txt', head: null }],
        type: 'object',
      },
      outputSchema: {
        title: 'read_text_fileOutput',
        description: 'What read_text_file gives.',
        properties: { result: { title: 'Result', description: 'Not of move_file.', type: 'string' } },
        required: ['result'],
        type: 'object',
      },
    },
  ]);
  const ofTool = translation.names[0]?.tools.find(({ tool }) => tool === 'read_text_file');
  const aliasOf = (name: string) => ofTool?.parameters.find(([real]) => real === name)?.[1] ?? '';
  const [path, head] = [aliasOf('path'), aliasOf('head')];
  const text = JSON.stringify(shown);
  for (const name of [
    'read_text_file',
    'Read Text File',
    'move_file',
    '`path`',
    '"Path"',
    '"path"',
    '"Head"',
    '"head"',
  ])
    expect(text).not.toContain(name);
  expect(shown).toMatchObject({
    inputSchema: {
      $defs: { Lines: { title: 'Lines', properties: { from: { title: 'From' } } } },
      title: shown?.title,
      examples: [{ [path]: 'a.txt', [head]: null }],
    },
    outputSchema: { title: shown?.title, properties: { result: { title: 'Result' } }, required: ['result'] },
  });
});

test('texts say aliases where they name tools, and keep words that may mean anything else', () => {
  const { translation } = aliasedToolspace(['filesystem', 'memory', 'memory-bank'], {
    share: 1,
    seed: 3,
    vocabulary: 'test',
    heldOutServers: [],
  });
  const { names } = translation;
  const aliasOf = (server: string, tool?: string) => {
    const one = names.find((other) => other.server === server);
    return tool === undefined ? one?.alias : one?.tools.find((other) => other.tool === tool)?.alias;
  };
  const [files, bank, read] = [aliasOf('filesystem'), aliasOf('memory-bank'), aliasOf('filesystem', 'read_text_file')];
  const said = namesInText(names);
  expect(said('Call filesystem.read_text_file, or read_text_file.')).toBe(`Call ${files}.${read}, or ${read}.`);
  expect(said('Use memory-bank and not my memory.')).toBe(`Use ${bank} and not my memory.`);
  expect(said('`memory-bank` by read_text_file, "read_text_file"')).toBe(`\`${bank}\` by ${read}, "${read}"`);
  for (const text of ['see a/read_text_file', 'read_text_file.md', 'my-memory-bank', 'the memory of the filesystem'])
    expect(said(text)).toBe(text);
  const tool = names.find(({ server }) => server === 'filesystem')?.tools.find((one) => one.tool === 'read_text_file');
  const [head] = tool?.parameters.filter(([name]) => name === 'head') ?? [];
  const inTexts = withParameters(said, tool as NonNullable<typeof tool>);
  expect(inTexts('The first lines by `head`, not ahead.')).toBe(`The first lines by \`${head?.[1]}\`, not ahead.`);
});

const toolOf = (tool: string, alias: string, ...parameters: readonly [string, string][]) => ({
  tool,
  alias,
  parameters,
});

test('texts say names that hold what names seldom hold, and of two tools of one name that of the server that speaks', () => {
  const names = [
    { server: 'my notes', alias: 'ledger', tools: [toolOf('read/all', 'scan'), toolOf('get_note', 'fetch_slip')] },
    { server: 'cards', alias: 'deck', tools: [toolOf('get_note', 'draw_one', ['a b', 'c'])] },
  ];
  const said = namesInText(names);
  expect(said('my notes.read/all, then cards.get_note; not read/all/it')).toBe(
    'ledger.scan, then deck.draw_one; not read/all/it',
  );
  expect(['my notes', 'cards', undefined].map((server) => said('Call get_note.', server))).toEqual([
    'Call fetch_slip.',
    'Call draw_one.',
    'Call get_note.',
  ]);
  const [ofCards] = names[1]?.tools ?? [];
  expect(withParameters(said, ofCards as NonNullable<typeof ofCards>)("By 'a b' and a b.")).toBe("By 'c' and a b.");
});

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
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
      annotations: { title: 'Read Text File', readOnlyHint: true },
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
    annotations: { title: shown?.title, readOnlyHint: true },
    inputSchema: {
      $defs: { Lines: { title: 'Lines', properties: { from: { title: 'From' } } } },
      title: shown?.title,
      examples: [{ [path]: 'a.txt', [head]: null }],
    },
    outputSchema: { title: shown?.title, properties: { result: { title: 'Result' } }, required: ['result'] },
  });
});

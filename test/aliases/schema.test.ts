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
  renamedSchema(schema, { parameters, described });

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
  for (const text of ['see a/read_text_file', 'read_text_file.md', 'my-memory-bank', 'the memory of the filesystem'])
    expect(said(text)).toBe(text);
  const tool = names.find(({ server }) => server === 'filesystem')?.tools.find((one) => one.tool === 'read_text_file');
  const [head] = tool?.parameters.filter(([name]) => name === 'head') ?? [];
  const inTexts = withParameters(said, tool as NonNullable<typeof tool>);
  expect(inTexts('The first lines by `head`, not ahead.')).toBe(`The first lines by \`${head?.[1]}\`, not ahead.`);
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vocabularies, type AliasDraw, type Names } from '../../core/alias-types.ts';
import { inRealNames, recordedNames } from '../../core/aliases/recorded-names.ts';
import { translationOf } from '../../core/aliases/translation.ts';
import type { Turn } from '../../core/trajectory.ts';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { folded, heldOutAmong, heldOutOf } from '../../envs/aliases/held-out.ts';
import { drawNames } from '../../envs/aliases/names.ts';
import { vocabularyNamed } from '../../envs/aliases/vocabulary.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';

const drawOf = (more: Partial<AliasDraw> = {}): AliasDraw => ({
  share: 1,
  seed: 1,
  vocabulary: 'test',
  heldOutServers: [],
  ...more,
});

const toolsOf = (names: Names) => names.flatMap((one) => one.tools.map((tool) => ({ ...one, ...tool })));
const namesOf = (names: Names): string[] => [...names, ...toolsOf(names)].map(({ alias }) => alias);

test('vocabularies of different splits share no entry, in singular or plural', () => {
  const all = vocabularies.map(
    (name) => new Set(vocabularyNamed(name).entries.map((one) => folded(one).replace(/s$/, ''))),
  );
  for (const [place, one] of all.entries())
    for (const other of all.slice(place + 1)) expect([...one.intersection(other)]).toEqual([]);
  for (const name of vocabularies) expect(vocabularyNamed(name).entries.length).toBeGreaterThan(200);
});

const suites = await Promise.all(suiteNames().map(suiteNamed));
const withHeldOut = suites.filter(({ servers, heldOutServers }) =>
  heldOutServers.some((one) => !servers.includes(one)),
);

describe.each(withHeldOut)('suite $name', ({ servers, heldOutServers }) => {
  const heldOut = { heldOutServers: heldOutServers.filter((one) => !servers.includes(one)) };

  test('has no name or description of a held-out server in any vocabulary, and a planted one is noticed', () => {
    const reader = heldOutOf(heldOut);
    const { servers: cards, tools } = toolspaceOf(heldOut.heldOutServers);
    for (const name of vocabularies) {
      const { entries } = vocabularyNamed(name);
      expect(heldOutAmong(entries, reader)).toEqual([]);
      for (const planted of [cards[0]?.name, tools[0]?.name.toUpperCase(), cards[0]?.summary, tools[0]?.description])
        expect(heldOutAmong([...entries, planted as string], reader)).toEqual([planted]);
    }
  });

  test.each(vocabularies)('never draws one for tasks of %s', (vocabulary) => {
    const reader = heldOutOf(heldOut);
    for (const seed of [1, 2, 3]) {
      const draw = drawOf({ seed, vocabulary, ...heldOut });
      const { toolspace, translation } = aliasedToolspace(servers, draw);
      expect(heldOutAmong(namesOf(translation.names), reader)).toEqual([]);
      const said = [
        ...toolspace.servers.map(({ summary }) => summary),
        ...toolspace.tools.map(({ description }) => description),
      ];
      expect(heldOutAmong(said, reader)).toEqual([]);
    }
  });
});

test('names of tasks to train on, to choose by and to measure on are never the same', () => {
  const { servers } = suites.find(({ name }) => name === 'broad') ?? { servers: [] };
  const seen = vocabularies.map(
    (vocabulary) =>
      new Set(
        Array.from({ length: 6 }, (_, seed) => drawNames(toolspaceOf(servers), drawOf({ seed, vocabulary }))).flatMap(
          (names) =>
            [
              ...namesOf(names),
              ...toolsOf(names).flatMap(({ parameters }) => parameters.map(([, alias]) => alias)),
            ].map(folded),
        ),
      ),
  );
  for (const [place, one] of seen.entries())
    for (const other of seen.slice(place + 1)) expect([...one.intersection(other)]).toEqual([]);
});

/** Pairs of a real name and its alias, of one place. */
const differ = (pairs: readonly (readonly [string, string])[]) => {
  const [real, other] = [new Set(pairs.map(([one]) => folded(one))), pairs.map(([, one]) => folded(one))];
  expect(new Set(other).size).toBe(pairs.length);
  expect(other.filter((one) => real.has(one))).toEqual([]);
};

test('every name is another, no two become one, and none is a real one of the same place', () => {
  const { servers } = suites.find(({ name }) => name === 'broad') ?? { servers: [] };
  const space = toolspaceOf([...servers, 'fast-filesystem', 'knowledge-graph']);
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(...vocabularies), (seed, vocabulary) => {
      const names = drawNames(space, drawOf({ seed, vocabulary }));
      differ(names.map(({ server, alias }) => [server, alias]));
      for (const { tools } of names) {
        differ(tools.map(({ tool, alias }) => [tool, alias]));
        for (const { parameters } of tools) differ(parameters);
      }
      expect(names.map(({ server }) => server).toSorted()).toEqual(space.servers.map(({ name }) => name).toSorted());
    }),
    { numRuns: 12 },
  );
});

test('a share of the names is replaced, the same for the same draw', () => {
  const space = toolspaceOf(['filesystem', 'memory', 'git']);
  const changed = (share: number) => {
    const all = toolsOf(drawNames(space, drawOf({ share })));
    return all.filter(({ tool, alias }) => tool !== alias).length / all.length;
  };
  expect(changed(1)).toBe(1);
  expect(changed(0.5)).toBeGreaterThan(0.3);
  expect(changed(0.5)).toBeLessThan(0.7);
  expect(drawNames(space, drawOf())).toEqual(drawNames(space, drawOf()));
  expect(drawNames(space, drawOf({ seed: 2 }))).not.toEqual(drawNames(space, drawOf()));
});

const saidBy = (draw: AliasDraw) => aliasedToolspace(['memory'], draw).toolspace.servers[0]?.summary ?? '';

test('draws that differ in given descriptions alone share none, in whatever order they are made', () => {
  const texts = ['Paper, one.', 'Paper, two.', 'Paper, three.'];
  const given = drawOf({ paraphrases: { servers: { memory: texts }, tools: {} } });
  const plain = saidBy(drawOf());
  expect(texts).not.toContain(plain);
  expect(texts).toContain(saidBy(given));
  expect(saidBy(drawOf())).toBe(plain);
  expect(aliasedToolspace(['memory'], given)).toBe(aliasedToolspace(['memory'], given));
});

const { names, ...translation } = translationOf(
  drawNames(toolspaceOf(['filesystem', 'memory', 'memory-bank']), drawOf()),
);
const realTool = fc.constantFrom(
  ...toolsOf(names).map(({ server, tool, parameters }) => ({ server, tool, parameters })),
);
const folders = fc.constantFrom(
  ...names.flatMap(({ server, alias }) => [server, alias]),
  'elsewhere',
  'memory-bank2',
  'memory.txt',
);
const texts = fc
  .array(
    fc.oneof(
      fc.string(),
      folders.map((name) => `/world/${name}`),
      fc.constantFrom('/', ' ', '"', '/world/'),
    ),
  )
  .map((parts) => parts.join(''));

test('calls by aliases and by real names are one to one, whatever their values', () => {
  const call = realTool.chain(({ server, tool, parameters }) => {
    const keys = parameters.length === 0 ? fc.constant([]) : fc.subarray(parameters.map(([name]) => name));
    return keys.chain((some) =>
      fc
        .tuple(...some.map(() => fc.oneof(texts, fc.integer(), fc.array(texts), fc.dictionary(fc.string(), texts))))
        .map((values) => ({
          server,
          tool,
          arguments: Object.fromEntries(some.map((key, place) => [key, values[place] ?? null])),
        })),
    );
  });
  fc.assert(
    fc.property(call, (real) => {
      const aliased = translation.aliasedCall(real);
      expect([aliased.server, aliased.tool]).not.toEqual([real.server, real.tool]);
      expect(translation.realCall(aliased)).toEqual({ ...real, unknown: [] });
    }),
  );
});

test('folders of servers are swapped in texts, and swapping twice changes nothing', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(translation.swapFolders(translation.swapFolders(text))).toBe(text);
    }),
  );
  const alias = names.find(({ server }) => server === 'memory-bank')?.alias;
  expect(translation.swapFolders('in /world/memory-bank/a.md, /world and a/memory-bank')).toBe(
    `in /world/${alias}/a.md, /world and a/memory-bank`,
  );
});

const called = (by: string, name: string, kind: 'called' | 'refused', args = {}): Turn['calls'][number] => ({
  action: { name: 'call_tool', arguments: { server: by, tool: name, arguments: args } },
  observation: { text: '', isError: false, source: 'results', server: by, cutTokens: 0 },
  event: { kind, server: by, tools: [name] },
});

test('a record tells what its names stand for, and marks a name that was none', () => {
  const [files] = names.filter(({ server }) => server === 'filesystem');
  const reading = files?.tools.find(({ tool }) => tool === 'read_text_file');
  const [server, tool] = [files?.alias ?? '', reading?.alias ?? ''];
  const path = reading?.parameters.find(([name]) => name === 'path')?.[1] ?? '';
  const turns: Turn[] = [
    {
      calls: [called(server, tool, 'called', { [path]: 'a.txt' }), called('filesystem', 'read_text_file', 'refused')],
      tokens: { system: 1, schemas: { [server]: 5 }, results: 0, history: 0, prompt: 6, output: 1 },
    },
  ];
  const aliases = recordedNames({ names, ...translation }, turns);
  expect(Object.keys(aliases)).toHaveLength(3);
  const { turns: real } = inRealNames({ turns, aliases });
  expect(real[0]?.tokens.schemas).toEqual({ filesystem: 5 });
  expect(real[0]?.calls[0]?.action.arguments).toEqual({
    server: 'filesystem',
    tool: 'read_text_file',
    arguments: { path: 'a.txt' },
  });
  expect(real[0]?.calls[1]?.event).toMatchObject({
    server: 'filesystem (no such name)',
    tools: ['read_text_file (no such name)'],
  });
  const plain = { turns };
  expect(inRealNames(plain)).toBe(plain);
});

import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { OwnCheck, OwnTask, TaskFile } from '../../suites/own-tasks/format.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import schema from '../../suites/own-tasks/schema.json' with { type: 'json' };
import { taskFolder } from './own-tasks-files.ts';

const { folder, write, taskFile } = taskFolder();

const call = { server: 'filesystem', tool: 'read_text_file' };
const file = { server: 'filesystem', path: 'a.txt' };

const basic: OwnTask = {
  id: 'one',
  prompt: 'p',
  servers: ['filesystem'],
  checks: [{ file, equals: 'x' }],
};

/** What is said of a file, without its path. */
function saidOf(path: string): string[] {
  try {
    readTaskFile(path);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n').map((line) => line.replace(`${path}:`, ''));
  }
}

describe('the published schema', () => {
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);

  const checks: readonly OwnCheck[] = [
    { name: 'n', file, equals: 'x', strictness: 'normal' },
    { file, absent: true },
    { result: { ...call, arguments: { path: 'a' }, path: '$.a' }, contains: 'x' },
    { answer: { matches: '^x$' } },
    { answer: { number: 1 } },
    { answer: { number: 1, tolerance: 0.5 } },
    { answer: { items: ['a', 'b'], strictness: 'lenient' } },
    { called: call },
    { neverCalled: { ...call, arguments: { path: 'a' } } },
    { unchanged: 'filesystem', except: ['a.txt'] },
    { script: ['node', 'a.mjs'] },
  ];
  const whole: TaskFile = {
    $schema: 'schema.json',
    name: 'n',
    summary: 's',
    mcpServers: {
      own: { type: 'stdio', summary: 's', command: 'node', args: ['a'], env: { A: 'b' } },
      far: { type: 'http', url: 'https://example.org', headers: { A: 'b' } },
    },
    tasks: [
      {
        ...basic,
        fuzzy: 'f',
        files: { filesystem: { 'a.txt': 'x' } },
        folders: { filesystem: 'fixture' },
        setUp: [call],
        checks,
        rubric: [{ criterion: 'c', weight: 2, category: 'tool-grounding' }],
        plan: [{ ...call, after: [] }],
        answer: 'a',
        mostTurns: 3,
      },
    ],
  };

  test('takes every key that the type has, and its own examples', () => {
    expect(validate(whole), JSON.stringify(validate.errors)).toBe(true);
    for (const example of schema.examples) expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
    const { check } = schema.$defs;
    for (const example of check.examples) expect(validate({ tasks: [{ ...basic, checks: [example] }] })).toBe(true);
  });

  test('refuses what the compiler refuses', () => {
    const wrong: readonly (readonly OwnCheck[])[] = [
      // @ts-expect-error a check without a kind
      [{ name: 'n' }],
      // @ts-expect-error a file without a test
      [{ file }],
      // @ts-expect-error a tolerance alone
      [{ answer: { tolerance: 1 } }],
      // @ts-expect-error an unknown key
      [{ called: call, times: 2 }],
      // @ts-expect-error a number for a text
      [{ file, equals: 5 }],
      // @ts-expect-error a file that is not absent
      [{ file, absent: false }],
    ];
    for (const [index, list] of wrong.entries())
      expect(validate({ tasks: [{ ...basic, checks: list }] }), `number ${index}`).toBe(false);
    const others: readonly Partial<TaskFile>[] = [
      { mcpServers: { a: { command: 'a', timeout: 'long' } }, tasks: [basic] },
      // @ts-expect-error a category that is none
      { tasks: [{ ...basic, rubric: [{ criterion: 'c', category: 'style' }] }] },
      // @ts-expect-error an unknown key
      { tasks: [{ ...basic, promt: 'p' }] },
      { name: 'n' },
    ];
    for (const [index, one] of others.entries()) expect(validate(one), `number ${index}`).toBe(false);
  });
});

describe('a task file', () => {
  test('is read alike as YAML, JSON and JSON Lines', () => {
    const whole = { name: 'trees', tasks: [basic, { ...basic, id: 'two' }] };
    const yaml = readTaskFile(taskFile(whole));
    const json = readTaskFile(write('a.json', JSON.stringify(whole)));
    const lines = readTaskFile(
      write('a.jsonl', `{"name":"trees"}\n\n${whole.tasks.map((one) => JSON.stringify(one)).join('\n')}\n`),
    );
    const bare = readTaskFile(write('a b.jsonl', JSON.stringify(basic)));
    expect([yaml.file, json.file, lines.file]).toEqual([whole, whole, whole]);
    expect([bare.name, bare.file.tasks]).toEqual(['a-b', [basic]]);
  });

  test('with many faults is answered with all of them, each with line, place and what is allowed', () => {
    const path = write(
      'faults.yaml',
      `nam: x
mcpServers:
  near: { command: node, arg: [x] }
  both: { command: a, url: b }
  old: { url: 'http://x', type: sse }
  calc: { command: x }
tasks:
  - id: a b
    prompt: 5
    servers: [filesytem]
    checks: []
  - id: ok
    servers: [filesystem, time]
    files: { filesystem: { ../a: b, x: '', x/y: '' }, memory: {}, time: { a: b } }
    folders: { filesystem: nowhere }
    setUp:
      - { server: filesystm, tool: write_file }
    plan:
      - { server: filesystem, tool: read, after: [0] }
    checks:
      - file: { server: filesystem, path: x }
      - { equals: x, answer: { equals: y } }
      - answer: { matches: '(' }
      - { result: { server: time, tool: hash, path: '$.[' }, equals: x }
      - unchanged: time
      - script: [node, '{filesytem}']
      - file: { server: filesystem, path: /etc/passwd }
        equals: root
    mostTurns: 0
  - id: ok
    prompt: p
    servers: [memory]
    checks:
      - { file: { server: memory, path: memory.jsonl }, contains: x }
    rubric: [{ criterion: c }, { criterion: c, weight: 11 }]
`,
    );
    // The catalogue grows.
    const said = saidOf(path).map((line) => line.replace(/Known: calc, .*, near/, 'Known: calc, …, near'));
    expect(said).toMatchInlineSnapshot(`
      [
        "1: nam: unknown key. Did you mean "name"? Allowed: $schema, name, summary, mcpServers, contextTokens, resultTokens, tasks.",
        "4: mcpServers.both: has both a \`command\` and a \`url\`. Take one away, or say by \`type\` which is meant.",
        "8: tasks[0].id: must match pattern "^[A-Za-z0-9][\\w.-]{0,99}$", but is "a b". Unique in the file: letters, digits, dots, hyphens and underscores, 100 at most.",
        "9: tasks[0].prompt: must be text, not 5. Put it in quotes.",
        "10: tasks[0].servers[0]: There is no server "filesytem". Did you mean "filesystem"? Known: calc, …, near, both, old. If it is a server of your own, name your MCP client's file, for example with --servers mcp.json.",
        "11: tasks[0].checks: must NOT have fewer than 1 items. All of them must be true at the end; at least one.",
        "12: tasks[1]: is right when it has either prompt or messages, not both.",
        "14: tasks[1].files.memory: "memory" is none of the task's servers. They are filesystem, time.",
        "14: tasks[1].files.time: Server time keeps nothing that can be seen. Check it by \`result\`, and start it by \`setUp\`.",
        "14: tasks[1].files.filesystem["../a"]: "../a" must be a path below the server's folder: not absolute, with / between its parts, without . and ..",
        "14: tasks[1].files.filesystem.x: is a file, and so cannot hold x/y.",
        "15: tasks[1].folders.filesystem: Folder "nowhere" is not there: it is looked for beside the task file.",
        "17: tasks[1].setUp[0].server: "filesystm" is none of the task's servers. Did you mean "filesystem"? They are filesystem, time.",
        "19: tasks[1].plan[0].after[0]: must be the number, from 0, of an earlier call than 0.",
        "21: tasks[1].checks[0]: is right when it has exactly one of equals, contains, matches, number and items, or for a file \`absent: true\`.",
        "22: tasks[1].checks[1]: is right when it has equals, contains, matches, number, items or strictness only beside file or result; those of an answer stand below it.",
        "23: tasks[1].checks[2].answer.matches: is no regular expression: Invalid regular expression: /(/u: Unterminated group.",
        "24: tasks[1].checks[3].result.path: is no JSONPath: unexpected shorthand selector '[' ('$.[':2).",
        "25: tasks[1].checks[4].unchanged: Server time keeps nothing that can be seen. Check it by \`result\`, and start it by \`setUp\`.",
        "26: tasks[1].checks[5].script[1]: {filesytem} names none of the task's servers. Did you mean "{filesystem}"?",
        "27: tasks[1].checks[6].file.path: "/etc/passwd" must be a path below the server's folder: not absolute, with / between its parts, without . and ..",
        "29: tasks[1].mostTurns: must be >= 1, but is 0. Most turns of an episode; by default half again what the plan takes, or 30 without a plan.",
        "30: tasks[2].id: "ok" is the id of tasks[1] already.",
        "34: tasks[2].checks[0].file.path: Server memory does not show memory.jsonl as text. Check it by \`result\`.",
        "35: tasks[2].rubric[1].weight: must be <= 10, but is 11. 1 to 10, or −10 to −1 for a fault, whose score subtracts; 1 by default.",
      ]
    `);
  });

  test.each([
    ['broken.yaml', 'tasks: [\n  {', /^2: cannot be read: /],
    ['twice.yaml', 'tasks: []\ntasks: []\n', /^2: is a key that this map has already/],
    ['documents.yaml', 'tasks: []\n---\ntasks: []\n', /^2: begins another document/],
    ['empty.yaml', '', /^1: must be a map, not null/],
    ['list.yaml', '- a\n', /^1: must be a map, not a list/],
    ['broken.json', '{"tasks": [\n}', /^2: is no JSON/],
    ['cut.json', '{"tasks": [\n\n', /^1: is no JSON/],
    ['twice.json', '{"tasks":[],\n"tasks":[]}', /\n2: is a key that this map has already/],
    ['broken.jsonl', `${JSON.stringify(basic)}\n{"id":`, /^2: is no JSON/],
    ['tag.yaml', "tasks: !!js/function 'x'\n", /^1: cannot be read: Unresolved tag/],
    ['latin.yaml', Buffer.from([0x74, 0xff]), /is no text in UTF-8, nor in UTF-16 with a byte order mark/],
  ])('%s is answered with its line', (name, text, words) => {
    expect(saidOf(write(name, text)).join('\n')).toMatch(words);
  });

  test('that is not there, or is called otherwise, is a sentence', () => {
    expect(saidOf(join(folder, 'nowhere.yaml'))[0]).toMatch(/nowhere\.yaml cannot be read: ENOENT/);
    expect(saidOf(write('tasks.txt', ''))[0]).toMatch(/must end in \.yaml/);
  });
});

const withFolder = (name: string) => saidOf(taskFile({ tasks: [{ ...basic, folders: { filesystem: name } }] }))[0];

describe('a hostile task file', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefghij'
      .split('')
      .map(
        (name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefghij'[index]}`).join()}]`,
      ),
  ];
  const wide = `tasks:\n  - &t { id: x, items: [${'q,'.repeat(20_000)}q] }\n${'  - *t\n'.repeat(500)}`;

  test.each([
    ['bomb.yaml', `${bomb.join('\n')}\ntasks: []\n`, /Excessive alias count/],
    ['wide.yaml', wide, /holds more than 3000000 values/],
    ['circle.yaml', 'tasks: &a [*a]\n', /nested deeper than 60 levels/],
    ['deep.yaml', `tasks: ${'['.repeat(50_000)}`, /^1: /],
    ['deep.json', `{"tasks": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /nested deeper|nested too deep/],
    ['prototype.yaml', '__proto__: { tasks: [] }\n', /^1: __proto__: is no key that may be used/],
    ['prototype.json', '{"tasks": [{"__proto__": {"id": "x"}}]}', /__proto__: is no key that may be used/],
    ['prototype.jsonl', '{"__proto__": {"name": "x"}}', /__proto__: is no key that may be used/],
    ['infinite.yaml', 'tasks: [.inf]\n', /must be a number with an end/],
    ['large.yaml', '#'.repeat(16 * 2 ** 20 + 1), /larger than 16 MiB/],
    [
      'constructor.yaml',
      'mcpServers: { constructor: { command: x } }\n',
      /constructor: is a name with a meaning of its own/,
    ],
  ])('%s is refused in good time', { timeout: 10_000 }, (name, text, words) => {
    expect(saidOf(write(name, text)).join('\n')).toMatch(words);
    expect(({} as Record<string, unknown>)['tasks']).toBeUndefined();
  });

  test('cannot read outside its folder, not by links either', () => {
    write('inner/a.txt', 'x');
    write('inner/deep/b.txt', 'y');
    symlinkSync('/etc', join(folder, 'etc'));
    write('linked/a.txt', 'x');
    symlinkSync('/etc/hostname', join(folder, 'linked', 'hostname'));
    write('binary/a.bin', Buffer.from([0xff, 0xfe]));
    expect(withFolder('inner')).toBeUndefined();
    expect(withFolder('/etc')).toMatch(/"\/etc" must be given from the folder of the task file/);
    expect(withFolder('..')).toMatch(/leads out of the folder of the task file/);
    expect(withFolder('inner/../../..')).toMatch(/leads out of the folder/);
    expect(withFolder('etc')).toMatch(/leads out of the folder/);
    expect(withFolder('linked')).toMatch(/holds hostname, which is neither file nor folder/);
    expect(withFolder('inner/a.txt')).toMatch(/is no folder/);
    expect(withFolder('binary')).toBeUndefined();
    const { folders } = readTaskFile(taskFile({ tasks: [{ ...basic, folders: { filesystem: 'inner' } }] }));
    expect(folders.get('inner')).toEqual({ 'a.txt': 'x', 'deep/b.txt': 'y' });
  });
});

test('the hash changes with the file, its fixtures, its scripts and its own servers, and with nothing else', () => {
  const own = {
    mcpServers: { mine: { command: 'node', args: ['{HERE}/server.mjs'] } },
    tasks: [{ ...basic, folders: { filesystem: 'kept' }, checks: [{ script: ['node', 'say.mjs'] }] }],
  };
  const at = (name: string) => {
    write(`${name}/kept/a.txt`, 'x');
    for (const script of ['say.mjs', 'server.mjs']) write(`${name}/${script}`, '');
    const path = write(`${name}/tasks.yaml`, own);
    return { path, hash: () => readTaskFile(path).hash };
  };
  const [here, there] = [at('here'), at('there')];
  const before = here.hash();
  expect(there.hash()).toBe(before);
  write('here/kept/a.txt', 'y');
  const changed = here.hash();
  expect(changed).not.toBe(before);
  write('here/say.mjs', 'process.exit(1)');
  const scripted = here.hash();
  expect(scripted).not.toBe(changed);
  write('here/server.mjs', 'process.exit(1)');
  expect(here.hash()).not.toBe(scripted);
  write('there/tasks.yaml', `${readFileSync(there.path, 'utf8')}# more\n`);
  expect(there.hash()).not.toBe(before);
});

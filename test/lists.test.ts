import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answers } from './use-planted.ts';

/*
 * CONTRIBUTING promises that a file dropped into a folder is a member of its list: nothing else is edited. Here it is: in a
 * copy of the source tree every list gets a member `planted`, which is then used by that name.
 */

const root = new URL('..', import.meta.url).pathname;
const rooms = ['baselines', 'commands', 'core', 'envs', 'finetune', 'judges', 'meta-evaluation', 'reports', 'suites'];

/** A member that is another one of its list, with what is its own. */
const like = (name: string, change: string) =>
  `import model from './${name}.ts';\nexport default { ...model, ${change} };\n`;
/** The texts of a sub-goal, each with a mark. */
const marked = (path: string, mark: string) =>
  readFileSync(join(root, path), 'utf8').replaceAll(/^( {4}".*)"(,?)$/gm, `$1 ${mark}"$2`);

const subGoal = (model: string, name: string) =>
  `import texts from './${name}.json' with { type: 'json' };\n${like(model, `name: '${name}', texts`)}`;

/** The one file of each list, with its texts where it has any. */
const planted = (): Readonly<Record<string, string>> => ({
  'commands/planted.ts': `export default {
  summary: 'a command that was dropped into the folder',
  define: (command) => command.action(() => void process.stdout.write('planted was called')),
};`,
  'commands/experiments/planted.ts': like('gate', "name: 'planted'"),
  'envs/servers/planted.ts': like('calc', "name: 'planted'"),
  'envs/views/planted.ts': "export { default } from './eager.ts';",
  'suites/planted.ts': readFileSync(join(root, 'suites/micro.ts'), 'utf8')
    .replace("'micro'", "'planted'")
    .replace(/familiesNamed\(.*\)/, "familiesNamed('planted')"),
  'suites/families/planted.ts': `import { familyOfChains } from '../goals/family-of-chains.ts';
export default familyOfChains({ name: 'planted', chains: [['planted-source']] });`,
  // What is found and what is done with it stand in one prompt, so that no source is called as a sink is.
  'suites/goals/sources/planted-source.ts': subGoal('file-line', 'planted-source'),
  'suites/goals/sources/planted-source.json': marked('suites/goals/sources/file-line.json', 'PLANTED SOURCE'),
  'suites/goals/sinks/planted-sink.ts': subGoal('file', 'planted-sink'),
  'suites/goals/sinks/planted-sink.json': marked('suites/goals/sinks/file.json', 'PLANTED SINK'),
  'suites/importers/planted.ts': like('mcp-bench', "name: 'planted'"),
  'meta-evaluation/defects/kinds/planted.ts': like('sound', "name: 'planted'"),
  'meta-evaluation/attacks/kinds/planted.ts': like('flattery', "name: 'planted'"),
  'judges/models/planted.ts': like('code', "usage: 'planted'"),
  'baselines/policies/planted.ts': like(
    'no-op',
    "usage: 'planted', open: (request) => ({ ...model.open(request), name: 'planted' })",
  ),
  'baselines/learners/planted.ts': "export { default } from './rloo.ts';",
  'baselines/model-loop/text-calls/planted.ts': `export default {
  marks: /PLANTED/,
  read: (text) => [{ start: text.indexOf('PLANTED'), end: text.length, action: { name: 'planted', arguments: {} } }],
};`,
});

/** A task file of one task, on a server of the catalogue. */
const taskOn = (server: string) => `tasks:
  - id: one
    prompt: Add two and two.
    servers: [${server}]
    checks:
      - called: { server: ${server}, tool: math }
`;

/** The command lines that name a member; each is given once, and all by one process. */
const use = {
  command: ['planted'],
  experiment: ['experiment', 'planted', '--rows', 'nope'],
  run: ['run', '--policy', 'planted', '--view', 'planted', '--tasks', 'good.yaml', '--out', 'run'],
  importer: [
    'tasks',
    'import',
    '--format',
    'planted',
    'suites/importers/samples/mcp-bench/tasks_single_runner_format.json',
    'imported.yaml',
  ],
  learner: ['train', '--algorithm', 'planted?nope=1'],
  suite: ['train', '--suite', 'planted', '--families', 'nope'],
  family: ['new', 'family', 'fresh'],
} as const;
const misuse = {
  command: ['plantde'],
  experiment: ['experiment', 'nope'],
  server: ['tasks', 'check', 'bad.yaml'],
  view: ['run', '--policy', 'no-op', '--view', 'nope'],
  policy: ['run', '--policy', 'nope'],
  importer: ['tasks', 'import', '--format', 'nope', 'a', 'b.yaml'],
  learner: ['train', '--algorithm', 'nope'],
  judge: ['train', '--judge', 'nope'],
  suite: ['run', '--policy', 'no-op', '--suite', 'nope'],
} as const;
const help = {
  command: ['--help'],
  experiment: ['experiment', '--help'],
  view: ['run', '--help'],
  policy: ['run', '--help'],
  importer: ['tasks', 'import', '--help'],
  learner: ['train', '--help'],
  judge: ['train', '--help'],
} as const;
const commandLines = [...Object.values(use), ...Object.values(misuse), ...Object.values(help)];

const folder = mkdtempSync(join(tmpdir(), 'toolstone-lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readOfRun = (name: string): string => readFileSync(join(folder, 'run', name), 'utf8');

let answers: Answers;
const answerTo = (args: readonly string[]) =>
  answers.commands[commandLines.findIndex((line) => line === args)] ?? { code: Number.NaN, text: 'was not given' };

beforeAll(() => {
  for (const room of rooms)
    cpSync(join(root, room), join(folder, room), {
      recursive: true,
      filter: (path) => !/reports\/(runs|reference\/(experiments|gate))$/.test(path),
    });
  for (const file of ['package.json', 'toolstone.ts']) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'test'));
  cpSync(join(root, 'test/use-planted.ts'), join(folder, 'test/use-planted.ts'));
  for (const [path, text] of Object.entries(planted())) writeFileSync(join(folder, path), text);
  writeFileSync(join(folder, 'good.yaml'), taskOn('planted'));
  writeFileSync(join(folder, 'bad.yaml'), taskOn('nope'));
  // What is compiled of a copy is never asked for again.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const child = spawnSync(process.execPath, ['test/use-planted.ts', JSON.stringify(commandLines)], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(child.stderr || child.stdout);
  answers = JSON.parse(child.stdout) as Answers;
}, 180_000);

describe('a file that is dropped into a list is used by its name', () => {
  test.each([
    ['command', use.command, 0, /^planted was called$/],
    ['experiment', use.experiment, 2, /no row "nope"\. It has "/],
    ['importer', use.importer, 0, /^\d+ tasks, \d+ records skipped/],
    ['learner', use.learner, 2, /"nope=1" is no setting/],
    ['family', use.family, 0, /^Wrote suites\/families\/fresh\.ts and suites\/families\/fresh\.json,/],
    ['suite', use.suite, 2, /Suite planted has no family "nope" in train\. It has planted\./],
  ] as const)('%s', (_list, args, code, text) => {
    const answer = answerTo(args);
    expect(answer.text).toMatch(text);
    expect(answer.code).toBe(code);
  });

  test('policy, view and server, by one run', () => {
    expect(answerTo(use.run)).toMatchObject({ code: 0, text: expect.stringContaining('planted') });
    expect(JSON.parse(readOfRun('trajectories.jsonl').split('\n')[0] ?? '')).toMatchObject({ policy: 'planted' });
    expect(readOfRun('manifest.json')).toContain('"view": "planted"');
    expect(readOfRun('systems.jsonl')).toContain('Server planted: Calculates');
  });

  test.each([
    ['family', 'planted'],
    ['written family', { ways: 4, solved: ['eager', 'server', 'tool'], idle: false }],
    ['source', true],
    ['sink', true],
    ['defect', 'planted'],
    ['attack', 'planted'],
    ['judge', 'function'],
    ['form of calls', 'planted'],
  ] as const)('%s', (list, expected) => {
    expect(answers.doors[list]?.used).toEqual(expected);
  });
});

describe('its name stands in the fault for a name that is not there', () => {
  test.each(Object.entries(misuse))('%s', (_list, args) => {
    expect(answerTo(args)).toMatchObject({ code: 2, text: expect.stringContaining('planted') });
  });

  test.each(['family', 'source', 'sink', 'defect', 'attack', 'judge'])('%s', (list) => {
    expect(answers.doors[list]?.fault).toMatch(/\bplanted\b/);
  });
});

describe('its name stands in the help', () => {
  test.each(Object.entries(help))('%s', (_list, args) => {
    expect(answerTo(args)).toMatchObject({ code: 0, text: expect.stringContaining('planted') });
  });
});

describe('a folder that is a list', () => {
  const folders = Object.keys(planted())
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replace(/[\w-]+\.ts$/, ''));

  test.each(folders)('%s holds members and nothing else', async (list) => {
    const modules = readdirSync(join(root, list)).filter((name) => name.endsWith('.ts'));
    const exported = await Promise.all(
      modules.map(
        async (name) => [name, ((await import(join(root, list, name))) as { default?: unknown }).default] as const,
      ),
    );
    expect(
      exported.filter(([, member]) => member === undefined).map(([name]) => name),
      'no members',
    ).toEqual([]);
    expect(new Set(exported.map(([, member]) => typeof member)).size, 'members of one kind').toBe(1);
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './cli/toolstone.ts';

const root = new URL('..', import.meta.url).pathname;

/** What the linter is told: who may import whom stands there, and how long a file may be. */
const linter = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
  readonly rules: { readonly 'max-lines': readonly [string, { readonly max: number }] };
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: {
      readonly 'no-restricted-imports'?: readonly [
        string,
        { readonly patterns: readonly { readonly group: readonly string[]; readonly message: string }[] },
      ];
    };
  }[];
};
const mostLines = linter.rules['max-lines'][1].max;

/** Folders of the program; tests stand beside them. */
const rooms = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|dist|docs|test)$/.test(entry.name))
  .map(({ name }) => name);

/** Numbers come from seeds and names; clock time goes into `timings.jsonl`, progress, deadlines and `perf`. */
const mayReadClock = [
  'commands/',
  'core/run/run-jobs.ts',
  'core/queue/pace.ts',
  'core/queue/serve-queue.ts',
  'core/models/ceilings.ts',
  'core/models/connection.ts',
  'envs/processes/start-times.ts',
  'finetune/drive/plan.ts',
];
/** Ids of sessions and of attempts: nobody may guess them, or two be the same, and no record holds them. */
const mayDraw = [
  'core/queue/coordinator.ts',
  'core/queue/piece-taker.ts',
  'core/queue/serve-queue.ts',
  'finetune/ors/sessions.ts',
];
/** Where the user's environment is heeded. */
const mayReadEnvironment = [
  'commands/perf/help.ts',
  'commands/shared/own-gate.ts',
  'commands/shared/prices.ts',
  'core/models/open.ts',
  'core/models/openai-functions.ts',
  'core/models/openai.ts',
  'core/queue/address.ts',
  'envs/client-files/inputs.ts',
  'envs/confinement/levels/programs.ts',
  'envs/listed/keep.ts',
  'envs/own-server.ts',
  'envs/processes/npm.ts',
  'envs/servers/git.ts',
  'envs/state/git/repository.ts',
  'envs/world-places.ts',
  'finetune/drive/python.ts',
];

const clock = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bhrtime\b/;
const draw = /\bMath\.random\(|\brandom(UUID|Bytes|Int)\(/;
const environment = /\bprocess\.env\b/;

const isAmong = (places: readonly string[], path: string): boolean =>
  places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));

/** Not the field's words. `withheldDressed` is a key of records; means are averages where statistics are made or shown. */
const foreignWord = new RegExp(
  '^(berths?|moorings?|manners|means|patience|dress(es|ed|ing)?|witness(es)?|senses?)$',
  'i',
);
const keptNames = ['withheldDressed'];
const averages = /^(core\/statistics|baselines\/learning|reports|test\/(statistics|reports))\//;

/** Names of variables, types and functions with such a word in them; comments and texts may use any. */
function foreignNames(path: string, text: string): string[] {
  const code = text
    .replaceAll(/\/\*[\s\S]*?\*\/|(?<![:\\])\/\/.*/g, '')
    .replaceAll(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, "''");
  const names = new Set(code.match(/[A-Za-z_$][\w$]*/g) ?? []);
  return [...names].filter((name) => {
    const words = name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? [];
    const isForeign = words.some(
      (word) => foreignWord.test(word) && !(word.toLowerCase() === 'means' && averages.test(path)),
    );
    return isForeign && !keptNames.includes(name);
  });
}

/** What a source file does that the house rules forbid and the linter does not see, one phrase each. */
function faultsOf(path: string, text: string): string[] {
  const isTest = path.startsWith('test/');
  const faults: string[] = [];
  const lines = text.split('\n').length - 1;
  if (lines > mostLines) faults.push(`has ${lines} lines`);
  if (/(^|\/)(index|utils?|helpers?|misc|common)\.ts$/.test(path)) faults.push('has a name that says nothing');
  if (/^export \* from/m.test(text)) faults.push('is a barrel');
  for (const name of foreignNames(path, text)) faults.push(`calls something ${name}`);
  if (isTest) return faults;
  if (draw.test(text) && !isAmong(mayDraw, path)) faults.push('draws numbers without a seed');
  if (clock.test(text) && !isAmong(mayReadClock, path)) faults.push('reads the clock');
  if (environment.test(text) && !isAmong(mayReadEnvironment, path)) faults.push('reads the environment');
  if (/\bconsole\./.test(text)) faults.push('writes to the console');
  if (/["'`]\/(home|root|Users|workspace)\//.test(text)) faults.push('names a path of one machine');
  if (/\bapi[_-]?key\s*[:=]\s*["'`][\w-]{8,}/i.test(text)) faults.push('holds a key');
  return faults;
}

const sources = ['toolstone.ts', ...[...rooms, 'test'].flatMap(filesBelow)].map((path) => ({
  path,
  text: readFileSync(join(root, path), 'utf8'),
}));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** Allowances of which no source file makes use. */
const unused = (places: readonly string[], pattern: RegExp): string[] =>
  places.filter((place) => !sources.some(({ path, text }) => isAmong([place], path) && pattern.test(text)));

describe('the house rules', () => {
  test('hold in every source file', () => {
    expect(sources.length).toBeGreaterThan(150);
    expect(sources.flatMap(({ path, text }) => faultsOf(path, text).map((fault) => `${path} ${fault}`))).toEqual([]);
  });

  test('allow nobody what he has no need of', () => {
    expect(unused(mayReadEnvironment, environment)).toEqual([]);
    expect(unused(mayDraw, draw)).toEqual([]);
    expect(unused(mayReadClock, clock)).toEqual([]);
  });

  test.each([
    ['core/a.ts', 'is a barrel', "export * from './b.ts';"],
    ['core/index.ts', 'has a name that says nothing', ''],
    ['envs/a.ts', 'draws numbers without a seed', 'const id = Math.random();'],
    ['envs/a.ts', 'draws numbers without a seed', 'const id = randomUUID();'],
    ['envs/a.ts', 'calls something OwnBerth', '// A berth.\ninterface OwnBerth {}'],
    ['judges/a.ts', 'calls something means', "const means = 'dress and manners';"],
    ['core/a.ts', 'reads the clock', 'const start = performance.now();'],
    ['core/a.ts', 'reads the clock', 'const day = new Date();'],
    ['core/a.ts', 'reads the environment', "const key = process.env['OPENAI_API_KEY'];"],
    ['core/a.ts', 'writes to the console', "console.log('here');"],
    ['core/a.ts', 'names a path of one machine', "const home = '/home/somebody/runs';"],
    ['core/a.ts', 'holds a key', "const apiKey = 'sk-abcdefgh';"],
    ['core/a.ts', `has ${mostLines + 1} lines`, 'a\n'.repeat(mostLines + 1)],
  ])('find a planted fault: %s %s', (path, fault, text) => {
    expect(faultsOf(path, text)).toEqual([fault]);
  });
});

/** A specifier that a pattern of the linter forbids, as a file two folders deep writes it. */
const wayTo = (pattern: string): string =>
  pattern.startsWith('**/')
    ? `../../${pattern.slice(3).replace('/**', '/deep/a.ts')}`
    : pattern.replace('**', 'sdk/a.js');

describe('who may import whom', () => {
  /** Rooms by what the linter forbids them. */
  const table = linter.overrides.flatMap(({ files, rules }) => {
    const [, options] = rules['no-restricted-imports'] ?? [];
    return (options?.patterns ?? []).map(({ group, message }) => ({ room: files[0] ?? '', group, message }));
  });
  const forms = [
    (path: string) => `import type { A } from '${path}';`,
    (path: string) => `import { a } from '${path}';`,
    (path: string) => `export { b } from '${path}';`,
    (path: string) => `export const c = await import('${path}');`,
  ];

  test('is told of every room by the linter alone', () => {
    expect(table.map(({ room }) => room).sort()).toEqual(rooms.map((room) => `${room}/**/*.ts`).sort());
  });

  test('is seen by the linter in every planted fault: types, values and what is loaded later', () => {
    const planted = new Map<string, string>();
    const expected: string[] = [];
    const plant = (path: string, lines: readonly string[], wanted: readonly string[]) => {
      planted.set(path, lines.join('\n'));
      expected.push(...wanted.map((message) => `${path} ${message}`));
    };
    for (const { room, group, message } of table) {
      const folder = room.replace('/**/*.ts', '');
      for (const [index, pattern] of group.entries()) {
        const path = wayTo(pattern);
        plant(
          `${folder}/deep/planted-${index}.ts`,
          forms.map((form) => form(path)),
          forms.map(() => message),
        );
      }
      plant(
        `${folder}/deep/sound.ts`,
        [`import { a } from '../a.ts';`, `import { b } from '../../${folder}/b.ts';`],
        [],
      );
    }
    // A circle, though of types alone.
    const circle = ['Dependency cycle detected'];
    plant('core/first.ts', [`import type { B } from './second.ts';`, 'export type A = B | null;'], circle);
    plant('core/second.ts', [`import type { A } from './first.ts';`, 'export type B = A | null;'], circle);

    const found = lint(planted).map(({ path, message }) => `${path} ${message}`);
    expect(found.sort()).toEqual(expected.sort());
  });

  test.each([
    ['core/a.ts', "import { openLane } from '../envs/lane.ts';"],
    ['judges/a.ts', "const { a } = await import('../suites/a.ts');"],
    ['baselines/deep/a.ts', "import type { View } from '../../reports/views.ts';"],
    ['suites/a.ts', "import { Client } from '@modelcontextprotocol/sdk/client/index.js';"],
  ])('forbids %s: %s', (path, text) => {
    const [, specifier = ''] = /'([^']+)'/.exec(text) ?? [];
    const { group = [] } = table.find(({ room }) => room.startsWith(`${path.split('/')[0]}/`)) ?? {};
    const target = specifier.replace(/^(\.\.\/)+/, '**/').replace(/^(\*\*\/\w+|@\w+)\/.*$/, '$1/**');
    expect(group).toContain(target);
  });
});

/** What the linter says of imports in files of a scratch copy, by its own settings; one process for all of them. */
function lint(files: ReadonlyMap<string, string>): { readonly path: string; readonly message: string }[] {
  const folder = temporaryFolder();
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
  const program = join(root, 'node_modules', '.bin', 'oxlint');
  const { stdout, stderr } = spawnSync(program, ['--format', 'json', '.'], { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe('');
  const { diagnostics } = JSON.parse(stdout) as {
    readonly diagnostics: readonly { code: string; message: string; help?: string; filename: string }[];
  };
  return diagnostics
    .filter(({ code }) => /no-restricted-imports|no-cycle/.test(code))
    .map(({ code, message, help, filename }) => ({
      path: filename,
      message: code.includes('no-cycle') ? message : (help ?? ''),
    }));
}

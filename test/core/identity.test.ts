import { tokenizer } from 'acorn';
import { array, assert, constantFrom, integer, property } from 'fast-check';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { namedFileHashes } from '../../core/identity/named-files.ts';
import { normalForm } from '../../core/identity/normal-form.ts';
import { reachOf } from '../../core/identity/reach.ts';

const root = new URL('../../', import.meta.url);
const hashOf = (text: string) => normalForm(text, '.ts').hash;

const sample = `import { b, a } from './x.js';
export default class Box { #size = 3; static kind = 'box'; get size() { return this.#size ** 2 / a; } }
const pattern = /a[/]b+/u, list = [1, 2n, null, b ?? 'none'];
for (const one of list) if (pattern.test(one)) { label: while (true) break label; } else throw new Error("no");
export const act = async ({ key = 1, ...rest }) => (await import('./y.js'))?.run?.(key, rest, import.meta.url);
`;

test('what a printer of code chooses is no part of a module', () => {
  const plain = `import { b, a } from './x.ts';\nexport const f = (x: number) => ({ key: [x, 'it', -x] });\n`;
  const alike = [
    plain.replace('{ b, a }', '{ a, b }'),
    plain.replace('(x: number)', '(x /* metres */)'),
    plain.replace('key:', "'key':").replaceAll("'it'", '"it"'),
    plain.replace('-x]', '(-x), ]').replace(';\n', '\n\n// twice\n'),
    plain.replace('./x.ts', '../elsewhere/x.ts'),
    plain.replace('import', "import type { T } from './types.ts';\ninterface Shape { side: number }\nimport"),
    plain.replace('({', '({ // why\n').replace('})', '} satisfies object)'),
  ];
  for (const text of alike) expect(hashOf(text), text).toBe(hashOf(plain));
  const different = [
    plain.replace("'it'", "'It'"),
    plain.replace('-x', 'x'),
    plain.replace('key', 'door'),
    plain.replace('const f', 'const g'),
    plain.replace('-x', '-(x + 1)'),
  ];
  for (const text of different) expect(hashOf(text), text).not.toBe(hashOf(plain));
});

test('comments and white space between any two tokens do not count, and every literal and name does', () => {
  const tokens = [...tokenizer(sample, { ecmaVersion: 'latest', sourceType: 'module' })];
  const place = integer({ min: 0, max: tokens.length - 1 });
  const { hash } = normalForm(sample, '.js');
  assert(
    property(array(place, { maxLength: 8 }), constantFrom('  ', '/* a */', ' /** b */ '), (places, layout) => {
      const starts = places.map((index) => tokens[index]?.start ?? 0).sort((a, b) => b - a);
      const text = starts.reduce((rest, at) => rest.slice(0, at) + layout + rest.slice(at), sample);
      expect(normalForm(text, '.js').hash).toBe(hash);
    }),
  );
  for (const part of [
    '3',
    'kind',
    "'box'",
    '**',
    '/a[/]b+/u',
    '2n',
    '??',
    'one of',
    'true',
    '"no"',
    'act',
    '...',
    '?.',
  ]) {
    const at = sample.indexOf(part, sample.indexOf('\n'));
    const others = { '**': '-', '??': '||', '...': '', '?.': '.', true: 'false', 'one of': 'one in' } as Record<
      string,
      string
    >;
    const other = others[part] ?? part.replace(/(\w)/, '$1$1');
    expect(normalForm(sample.slice(0, at) + other + sample.slice(at + part.length), '.js').hash, part).not.toBe(hash);
  }
});

/** Modules of a folder of their own, by path. */
function modules(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-reach-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const reach = (...names: readonly string[]) => reachOf(names.map((name) => pathToFileURL(join(folder, name))));
  const paths = (...names: readonly string[]) => reach(...names).files.map((file) => relative(folder, file));
  return { folder, write, reach, filesOf: paths };
}

test('reached are imports, data, scripts and members of whole lists; neither types nor members by name', () => {
  const { filesOf } = modules({
    'main.ts': `
      import type { T } from './type.ts';
      import words from './words.json' with { type: 'json' };
      import { open } from 'acorn';
      import { existsSync } from 'node:fs';
      export { part } from './part.ts';
      export * from './more.ts';
      const late = () => import('./late.ts');
      const template = new URL('./template.md', import.meta.url);
      const script = new URL('./child', import.meta.url);
      const remote = new URL('https://example.org/x');
      const all = await listIn<T>(new URL('kinds/', import.meta.url), 'kind').loadAll();
      const some = listIn<T>(new URL('./choices/', import.meta.url), 'choice');
      const one = await some.load('a');`,
    ...Object.fromEntries(
      ['type', 'part', 'more', 'late', 'child', 'kinds/a', 'kinds/b', 'choices/a'].map((name) => [`${name}.ts`, '']),
    ),
    'words.json': '{}',
    'template.md': '',
  });
  expect(filesOf('main.ts')).toEqual(
    [
      'child.ts',
      'kinds/a.ts',
      'kinds/b.ts',
      'late.ts',
      'main.ts',
      'more.ts',
      'part.ts',
      'template.md',
      'words.json',
    ].sort(),
  );
  expect(filesOf('main.ts', 'choices/a.ts')).toContain('choices/a.ts');
});

test('an identity hangs on content and on what is wired to what, not on where files lie', () => {
  const { folder, write, reach } = modules({
    'main.ts': `import { f } from './a.ts';\nimport { g } from './b.ts';\nexport const h = () => f(g());\n`,
    'a.ts': 'export const f = (x) => x + 1;\nexport const g = f;\n',
    'b.ts': 'export const g = () => 2;\nexport const f = g;\n',
  });
  const { hash } = reach('main.ts');
  mkdirSync(join(folder, 'rooms'));
  renameSync(join(folder, 'a.ts'), join(folder, 'rooms/first.ts'));
  write(
    'main.ts',
    `import { g } from './b.ts';\nimport { f } from './rooms/first.ts';\nexport const h = () => f(g());\n`,
  );
  expect(reach('main.ts').hash).toBe(hash);
  write(
    'main.ts',
    `import { f } from './b.ts';\nimport { g } from './rooms/first.ts';\nexport const h = () => f(g());\n`,
  );
  expect(reach('main.ts').hash, 'the same modules the other way round').not.toBe(hash);
});

test('content counts of data without its layout, and of packages the version', () => {
  const { write, reach } = modules({
    'main.ts': "import data from './data.json' with { type: 'json' };\nimport 'part/inner';\n",
    'data.json': '{ "a": [1, 2] }',
    'node_modules/part/package.json': '{ "version": "1.0.0" }',
  });
  const { hash } = reach('main.ts');
  write('data.json', '{"a":[1,\n2]}\n');
  expect(reach('main.ts').hash).toBe(hash);
  write('data.json', '{"a":[1,3]}');
  expect(reach('main.ts').hash).not.toBe(hash);
  write('data.json', '{"a":[1,2]}');
  write('node_modules/part/package.json', '{ "version": "1.0.1" }');
  expect(reach('main.ts').hash).not.toBe(hash);
});

test('files are found in names of policies and judges, and what is read beside weights with them', () => {
  const { folder } = modules({ 'a.gguf': 'a', 'judge.json': '{}', 'b:c.checkpoint': 'b', 'd|e.checkpoint': 'd' });
  const [weights, checkpoint] = [join(folder, 'a.gguf'), join(folder, 'b:c.checkpoint')];
  expect(namedFileHashes(`llama:${weights}?threads=2`)).toHaveLength(2);
  expect(namedFileHashes(`panel:llama:${weights}|ollama:qwen3:4b`)).toEqual(namedFileHashes(weights));
  expect(namedFileHashes(`pointer:${checkpoint}`)).toHaveLength(1);
  expect(namedFileHashes(`pointer:${join(folder, 'd|e.checkpoint')}`)).toHaveLength(1);
  expect(['retrieval', 'ollama:qwen3:4b', 'pointer?priors=none'].flatMap(namedFileHashes)).toEqual([]);
});

test('every list that is loaded whole is reached whole, where it decides episodes', () => {
  const whole = ['core', 'envs', 'suites', 'judges', 'baselines'].flatMap((room) =>
    readdirSync(new URL(room, root), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => name.endsWith('.ts') && readFileSync(new URL(`${room}/${name}`, root), 'utf8').includes('.loadAll()'),
      )
      .map((name) => `${room}/${name}`),
  );
  for (const file of whole) {
    // Servers are loaded for convenience, judges and policies for help: a run is made by those that it names (run-identity.ts).
    if (
      [
        'envs/catalogue.ts',
        'judges/judge-list.ts',
        'baselines/policy-list.ts',
        'core/identity/normal-form.ts',
        'core/identity/reach.ts',
      ].includes(file)
    )
      continue;
    const { edges } = normalForm(readFileSync(new URL(file, root), 'utf8'), '.ts');
    expect(
      edges.some(({ kind }) => kind === 'members'),
      file,
    ).toBe(true);
  }
  expect(reachOf([new URL('suites/goals/sub-goal-list.ts', root)]).files.join()).toMatch(
    /goals\/sinks\/.*goals\/sources\//,
  );
});

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { UsageError } from '../../core/errors.ts';
import { importerNamed, importerNames } from '../../suites/importers/reading/importer-list.ts';
import type { Imported, Importer } from '../../suites/importers/reading/importer.ts';
import { csvOf } from '../../suites/importers/reading/csv.ts';
import { pythonCall, pythonLiteral } from '../../suites/importers/reading/python-literal.ts';
import { importTasks, taskFileText } from '../../suites/importers/reading/write.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import schema from '../../suites/own-tasks/schema.json' with { type: 'json' };

const scratch = mkdtempSync(join(tmpdir(), 'toolstone-importers-'));
// Whatever this machine has: BFCL's own classes have a test of their own, test/live/bfcl.test.ts.
vi.stubEnv('XDG_CACHE_HOME', join(scratch, 'cache'));
beforeAll(() => void vi.stubEnv('XDG_CACHE_HOME', join(scratch, 'cache')));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

const isValid = new Ajv2020({ strict: false }).compile(schema);
const importers = new Map(
  await Promise.all(importerNames.map(async (name) => [name, await importerNamed(name)] as const)),
);
const loaded = (name: string) => importers.get(name) as Importer;
const samples = join(import.meta.dirname, '../../suites/importers/samples');

/** What is imported in a folder of samples: its only file, or the folder itself. */
function inputIn(folder: string): string {
  const file = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isFile());
  return file ? join(folder, file.name) : folder;
}

let copies = 0;
/** Reads a copy of a sample in which one file was edited. */
function readEdited(name: string, file: string, edit: (text: string) => string): Imported {
  copies += 1;
  const folder = join(scratch, `${name}-${copies}`);
  cpSync(join(samples, name), folder, { recursive: true });
  const path = join(folder, file);
  const [before, after] = [readFileSync(path, 'utf8'), edit(readFileSync(path, 'utf8'))];
  expect(after, 'the edit finds its place').not.toBe(before);
  writeFileSync(path, after);
  return loaded(name).read(inputIn(folder));
}

interface Edits {
  readonly file: string;
  /** Puts fields `planted…` into the first record: at its top, and inside. */
  readonly plant: (text: string) => string;
  readonly planted: number;
  /** Breaks the second record. */
  readonly tear: (text: string) => string;
  /** What the torn record is called. */
  readonly torn: RegExp;
}

const greenhouse = 'tasks/filesystem/standard/greenhouse/sort_seed_lists';
const edits: Readonly<Record<string, Edits>> = {
  bfcl: {
    file: 'BFCL_v4_multi_turn_base.json',
    plant: (text) =>
      text
        .replace('{"id"', '{"planted1": 1, "id"')
        .replace('"role"', '"planted2": 2, "role"')
        .replace('{"type": "file"', '{"planted3": 3, "type": "file"'),
    planted: 3,
    tear: (text) => text.replace('"multi_turn_base_1", ', '"multi_turn_base_1'),
    torn: /^BFCL_v4_multi_turn_base\.json:2$/,
  },
  'live-mcp-bench': {
    file: 'tasks.json',
    plant: (text) =>
      text.replace('"Question"', '"planted1": 1, "Question"').replace('"Steps"', '"planted2": 2, "Steps"'),
    planted: 2,
    tear: (text) => text.replace('"Question": "By', '"Query": "By'),
    torn: /0002$/,
  },
  'mcp-atlas': {
    file: 'sample_tasks.csv',
    plant: (text) =>
      text
        .replace('GTFA_CLAIMS\n', 'GTFA_CLAIMS,planted1\n')
        .replaceAll(/(?<=[\]"'])\n(?=a1c0|$)/g, ',x\n')
        .replace('""role"": ""assistant""', '""planted2"": 2, ""role"": ""assistant""'),
    planted: 2,
    tear: (text) => text.replace('a1c0ffee0000000000000002,', 'a1c0ffee0000000000000002,stray,'),
    torn: /^sample_tasks\.csv:3$/,
  },
  'mcp-bench': {
    file: 'tasks_single_runner_format.json',
    plant: (text) =>
      text
        .replace('"task_id"', '"planted1": 1, "task_id"')
        .replace('"combination_name"', '"planted2": 2, "combination_name"')
        .replace('"server_tasks"', '"planted3": 3, "server_tasks"'),
    planted: 3,
    tear: (text) => text.replace('"task_description": "Plan', '"text": "Plan'),
    torn: /^time_mcp_001$/,
  },
  mcpmark: {
    file: `${greenhouse}/meta.json`,
    plant: (text) =>
      text.replace('"task_id"', '"planted1": 1, "task_id"').replace('"stateType"', '"planted2": 2, "stateType"'),
    planted: 2,
    tear: (text) => text.slice(0, 80),
    torn: /sort_seed_lists$/,
  },
};

describe.each(importerNames.map((name) => ({ name })))('importer $name', ({ name }) => {
  const sample = loaded(name).read(inputIn(join(samples, name)));

  test('turns its sample into tasks that the schema takes, and skips the rest with reasons', () => {
    expect(loaded(name).name).toBe(name);
    expect(sample.file.tasks.length).toBeGreaterThan(0);
    expect(sample.skipped.length).toBeGreaterThan(0);
    for (const { id, reason, cure } of sample.skipped)
      expect([id, reason, cure].every((text) => text.length > 3)).toBe(true);
    expect(isValid(sample.file), JSON.stringify(isValid.errors)).toBe(true);
    expect(loaded(name).read(inputIn(join(samples, name)))).toEqual(sample);
  });

  test('says the same after a round trip through YAML', () => {
    const text = taskFileText(sample, { format: name, input: 'x' });
    expect(text).toMatch(/^# Imported by toolstone tasks import --format /);
    expect(parse(text)).toEqual(JSON.parse(JSON.stringify(sample.file)));
  });

  test('writes a task file that is read without a fault, with the files that its tasks name', async () => {
    const output = join(scratch, 'read', name, 'tasks.yaml');
    await importTasks({ format: name, input: inputIn(join(samples, name)), output });
    const read = readTaskFile(output);
    expect(read.file).toEqual(JSON.parse(JSON.stringify(sample.file)));
    for (const task of sample.file.tasks)
      for (const check of task.checks)
        if ('script' in check)
          for (const part of check.script.filter((one) => one.endsWith('.py')))
            expect(Object.keys(sample.beside)).toContain(part);
    for (const path of Object.keys(sample.beside)) expect(path.startsWith(`${name}.files/`), path).toBe(true);
  });

  test('names every field that it does not know', () => {
    const { file, plant, planted } = edits[name] as Edits;
    const { notes } = readEdited(name, file, plant);
    const found = [1, 2, 3].filter((number) => notes.some(({ what }) => what.includes(`planted${number}`)));
    expect(found).toHaveLength(planted);
  });

  test('lists a torn record and loses no other', () => {
    const { file, tear, torn } = edits[name] as Edits;
    const { file: left, skipped } = readEdited(name, file, tear);
    const named = skipped.filter(({ reason }) => /^(torn|wrong) record/.test(reason));
    expect(named.map(({ id }) => id)).toEqual([expect.stringMatching(torn)]);
    const all = sample.file.tasks.length + sample.skipped.length;
    expect(left.tasks.length + skipped.length).toBe(all);
    expect(left.tasks.length).toBeGreaterThanOrEqual(sample.file.tasks.length - 1);
  });

  test('answers an input that is not there with a sentence', () => {
    expect(() => loaded(name).read(join(scratch, 'nowhere'))).toThrow(UsageError);
  });
});

test('an unknown format is answered with the known ones', async () => {
  expect(importerNames).toEqual(['bfcl', 'live-mcp-bench', 'mcp-atlas', 'mcp-bench', 'mcpmark']);
  await expect(importerNamed('gaia')).rejects.toThrow('Known: bfcl, live-mcp-bench');
});

describe('writing', () => {
  const input = inputIn(join(samples, 'bfcl'));

  test('puts the task file, what was skipped and the notes beside each other, and overwrites nothing', async () => {
    const output = join(scratch, 'written', 'bfcl.yaml');
    const summary = await importTasks({ format: 'bfcl', input, output });
    expect(summary).toMatchObject({ tasks: 2, skipped: 3 });
    expect(
      readFileSync(join(scratch, 'written', 'bfcl.skipped.csv'), 'utf8')
        .split('\n')
        .slice(0, 2),
    ).toEqual([
      'id,reason,cure',
      "multi_turn_base_2,its gold calls sort: the file server here does not sort,add the benchmark's own classes: bash suites/importers/bfcl-classes/setup.sh",
    ]);
    expect(isValid(parse(readFileSync(output, 'utf8')))).toBe(true);
    await expect(importTasks({ format: 'bfcl', input, output })).rejects.toThrow('is there already');
    await expect(importTasks({ format: 'bfcl', input, output: `${output}.json` })).rejects.toThrow('must end in .yaml');
  });

  test('writes no task file without tasks, and says where the reasons are', async () => {
    const folder = join(scratch, 'none');
    cpSync(join(samples, 'bfcl'), folder, { recursive: true });
    rmSync(join(folder, 'possible_answer'), { recursive: true });
    const output = join(scratch, 'none.yaml');
    await expect(importTasks({ format: 'bfcl', input: inputIn(folder), output })).rejects.toThrow(
      /No record of .* multi_turn_base_0: has no gold calls.*none\.skipped\.csv/,
    );
  });

  test('says of a file that is torn as a whole which it is', () => {
    const path = join(scratch, 'torn.json');
    writeFileSync(path, '{"server_tasks": [');
    expect(() => loaded('mcp-bench').read(path)).toThrow(/torn\.json is no JSON: .*Is the file whole/);
    writeFileSync(path, '{"generation_info": {}}');
    expect(() => loaded('mcp-bench').read(path)).toThrow('holds no records to import');
  });
});

/** Why the second question of BFCL's sample is skipped with other gold calls. */
const reasonWithGold = (calls: string) =>
  readEdited('bfcl', 'possible_answer/BFCL_v4_multi_turn_base.json', (text) =>
    text.replace(/(?<="multi_turn_base_1", "ground_truth": \[)\[.*?\]/, calls),
  ).skipped.find(({ id }) => id === 'multi_turn_base_1')?.reason;

describe('gold calls that nothing here does exactly', () => {
  test.each([
    [`["rm(file_name='log.txt')"]`, 'removes nothing'],
    [`["cp(source='done', destination='log.txt')"]`, "fails in the benchmark's own class"],
    [`["touch(file_name='log.txt')"]`, "fails in the benchmark's own class"],
    [`["cd(folder='..')"]`, "fails in the benchmark's own class"],
    [`["mkdir('a')", "cp(source='a', destination='b')"]`, 'copies a folder'],
    [`["fly(to='moon')"]`, 'no function of GorillaFileSystem'],
    [`["constructor()"]`, 'no function of GorillaFileSystem'],
    [`["cat(file_name='log.txt'"]`, 'cannot be read'],
    [`["cat(file='log.txt')"]`, 'which it does not take'],
  ])('%s are skipped: %s', (calls, reason) => {
    expect(reasonWithGold(calls)).toContain(reason);
  });
});

test('a verifier that reads what only its own runner sets is skipped', () => {
  const { skipped } = readEdited('mcpmark', `${greenhouse}/verify.py`, (text) =>
    text.replaceAll('FILESYSTEM_TEST_DIR', 'MCP_MESSAGES'),
  );
  expect(skipped.find(({ id }) => id.endsWith('sort_seed_lists'))?.reason).toContain('reads MCP_MESSAGES');
});

test('a category that leads out of the folder of environments is a wrong record', () => {
  const { skipped } = readEdited('mcpmark', `${greenhouse}/meta.json`, (text) =>
    text.replace('"greenhouse"', '"../greenhouse"'),
  );
  expect(skipped.find(({ id }) => id.endsWith('sort_seed_lists'))?.reason).toContain('is no name of a folder');
});

describe('readers', () => {
  test('take Python literals and calls', () => {
    expect(pythonLiteral(String.raw`['it\'s', "a \"b\"", -1.5e2, True, None, (1, 2,), {'k': []}, 'é\n']`)).toEqual([
      "it's",
      'a "b"',
      -150,
      true,
      null,
      [1, 2],
      { k: [] },
      'é\n',
    ]);
    expect(pythonCall("mv('a', destination = 'b = c')")).toEqual({
      name: 'mv',
      positional: ['a'],
      named: { destination: 'b = c' },
    });
    for (const torn of ["['a'", "'a", '[1 2]', 'mv', '[1] x', ''])
      expect(() => pythonLiteral(torn)).toThrow(RangeError);
  });

  test('take CSV with quotes and line breaks, and say which lines a row without an end swallows', () => {
    const path = join(scratch, 'rows.csv');
    writeFileSync(path, '\uFEFFa,b\r\n"x\ny","say ""hi"", then go"\r\n1\r\n\r\n3,"4\n5,6\n');
    expect(csvOf(path)).toEqual({
      records: [{ where: 'rows.csv:2', value: { a: 'x\ny', b: 'say "hi", then go' } }],
      torn: [
        {
          id: 'rows.csv:4',
          reason: 'torn record: 1 fields under a header of 2 (line 4)',
          cure: 'give the row as many fields as the header has',
        },
        {
          id: 'rows.csv:6',
          reason: 'torn record: a quote never closes (lines 6 to 8)',
          cure: 'close the quote',
        },
      ],
    });
  });
});

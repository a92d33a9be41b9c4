/** What fuzzing found, a test for each kind. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import makePointer from '../../baselines/pointer/pointer.ts';
import learners from '../../baselines/learners/grpo.ts';
import { UsageError } from '../../core/errors.ts';
import { excerptOf, tooDeep } from '../../core/json.ts';
import { callArguments } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { readCheckpoint } from '../../core/record/checkpoint.ts';
import readRun from '../../core/record/read-run.ts';
import { resultOf } from '../../envs/processes/reply.ts';
import { readToolList } from '../../envs/processes/tool-list.ts';
import { stdioTransport } from '../../envs/processes/transport.ts';
import { readAttacks, readCalibrations } from '../../judges/calibration/read.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';
import { importerNamed } from '../../suites/importers/reading/importer-list.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { fakeServer, ollamaLines } from '../models/fake-server.ts';
import { ask, clientOptions, signal } from '../models/request.ts';
import { lay } from './reader.ts';
import { recordedRun } from './runs.ts';

const scratch = mkdtempSync(join(tmpdir(), 'toolstone-found-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const abyss = '['.repeat(20_000) + ']'.repeat(20_000);
const deep = JSON.parse(abyss) as unknown;

describe('a record of another shape is refused with file, line and key', () => {
  const { unhashed } = recordedRun();
  const withEdit = (name: string, edit: (text: string) => string): string => {
    const folder = join(scratch, 'run');
    const texts = Object.entries(unhashed).map(
      ([path, { text }]) => [path, path === name ? edit(text) : text] as const,
    );
    for (const [path, text] of texts) if (path === name) expect(text).not.toBe(unhashed[name]?.text);
    lay(folder, new Map(texts.map(([path, text]) => [path, Buffer.from(text)])));
    return folder;
  };
  test.each([
    [
      'trajectories.jsonl',
      /"cutTokens":0/,
      '"cutTokens":"none"',
      /line 1, .*"none" as "turns\.0\.calls\.0\.observation\.cutTokens", not a number/,
    ],
    ['trajectories.jsonl', /"verdicts":\[/, '"verdict":[', /line 1, .*lacks the key "verdicts"/],
    ['timings.jsonl', /"phase":"[^"]*"/, '"phase":null', /line 1, .*null as "phase", not a string/],
    ['learning.jsonl', /"metrics":\{/, '"metrics":{"loss":"low",', /line 1, .*"low" as "metrics\.loss"/],
    ['trajectories.jsonl', /"arguments":\{/, `"arguments":{"a":${abyss},`, /line 1, .*nested deeper than 200 levels/],
    [
      'manifest.json',
      /"evaluations":\[/,
      '"evaluations":["test",',
      /corrupt \(it has "test" as "jobs\.0\.evaluations\.0", not a object/,
    ],
    ['manifest.json', /"schemaHash":"b+"/, '"schemaHash":7', /corrupt \(it has 7 as "servers\.filesystem\.schemaHash"/],
    ['manifest.json', /"dirty":false/, `"dirty":${abyss}`, /corrupt \(it is nested deeper than 200 levels/],
  ])('%s, %s', (name, what, by, sentence) => {
    const folder = withEdit(name, (text) => text.replace(what, () => by));
    expect(() => readRun(folder)).toThrow(UsageError);
    expect(() => readRun(folder)).toThrow(sentence);
  });
});

test('a checkpoint without what a training goes on from is refused', () => {
  const path = join(scratch, 'a.checkpoint');
  const state = Buffer.from('weights');
  const header = { job: 'j', policy: 'p', update: 1, episodes: 2, trajectories: 'none', learning: [] };
  const sha256 = createHash('sha256').update(state).digest('hex');
  writeFileSync(path, `toolstone checkpoint 1\n${JSON.stringify({ ...header, sha256 })}\n${state.toString()}`);
  expect(() => readCheckpoint(path)).toThrow(
    /Cannot use checkpoint .*"none" as "trajectories", not a array.*Delete it/,
  );
});

test.each([
  ['no numbers', (text: string) => text.replace(/"numbers":\{[^}]*\}/, '"numbers":null')],
  ['a version in words', (text: string) => text.replace(/"version":\d+/, '"version":"first"')],
  ['no version', (text: string) => text.replace(/"version":\d+/, '"edition":1')],
  ['too few weights of entropy', (text: string) => text.replace(/"entropyWeights":\[[^\]]*\]/, '"entropyWeights":[]')],
])('a learner’s state with %s is refused', (_, edit) => {
  const learner = learners.make(makePointer(1).trainable, {});
  const state = Buffer.from(learner.save());
  const end = state.indexOf(10);
  const [before, after] = [state.subarray(0, end).toString(), edit(state.subarray(0, end).toString())];
  expect(after).not.toBe(before);
  expect(() => learner.restore(Buffer.concat([Buffer.from(after), state.subarray(end)]))).toThrow(
    /not those of a learner.*Delete the checkpoint/,
  );
});

test('a calibration, and attack rates, with figures that are none are refused', () => {
  const stamp = {
    name: 'j',
    build: '1',
    prompt: null,
    labels: '',
    items: 1,
    tasks: 1,
    answered: 1,
    balancedAccuracy: { value: 'good', low: 0, high: 1 },
  };
  const figures = { items: 1, balancedAccuracy: null, sensitivity: null, specificity: null };
  const path = join(scratch, 'figures.json');
  writeFileSync(path, JSON.stringify([{ version: 1, stamp, overall: figures, byCriterion: {} }]));
  expect(() => readCalibrations(path)).toThrow(/no calibration records.*"good".*Name the calibration\.json/);
  writeFileSync(
    path,
    JSON.stringify({
      version: 1,
      judge: { name: 'j', build: '1', prompt: null },
      labels: '',
      overall: { failed: 1, fooled: 0, rate: {} },
      byAttack: {},
    }),
  );
  expect(() => readAttacks(path)).toThrow(/no attack rates.*Name the attacks\.json/);
});

describe('what is nested without end', () => {
  test('is known as such, and shown without being followed', () => {
    expect(tooDeep(deep)).toMatch(/deeper than 200/);
    expect(tooDeep(JSON.parse('['.repeat(150) + ']'.repeat(150)))).toBeNull();
    expect(excerptOf({ a: deep })).toBe('something nested without end');
  });

  test('is a fault of a label and of a task file', () => {
    const line = `{"trajectory": "t", "criterion": ${abyss}, "label": 1, "rater": "a", "source": "human"}`;
    expect(() => parseLabels(line, 'labels.jsonl')).toThrow(/labels\.jsonl:1: is nested deeper than 200 levels/);
    for (const ending of ['yaml', 'json']) {
      const path = join(scratch, `tasks.${ending}`);
      writeFileSync(path, `{"tasks": ${abyss}}`);
      expect(() => readTaskFile(path)).toThrow(/tasks\.(yaml|json):1: .*nested (too deep to be read|deeper than)/);
    }
  });

  test('is no call of a model, and nothing that a server may say', async () => {
    expect(callArguments(`{"a": ${abyss}}`)).toBeNull();
    expect(resultOf('stub', { result: deep })).toMatchObject({
      isError: true,
      text: expect.stringMatching(/without end/),
    });
    for (const reply of [{ result: { structuredContent: { a: deep } } }, { error: { message: 'No.', data: deep } }])
      expect(resultOf('stub', reply, true)).toMatchObject({
        isError: true,
        text: expect.stringMatching(/Server stub answered with a reply that is nested deeper than 200 levels/),
      });
    const tool = { name: 'echo', inputSchema: { type: 'object', properties: { a: deep } } };
    expect(readToolList({ server: 'stub', expectedTools: 0, isOwn: true }, { tools: [tool] }).quarantined).toEqual([
      { name: 'echo', reason: 'its inputSchema is nested deeper than 200 levels' },
    ]);
    const output = new PassThrough();
    const transport = stdioTransport(new PassThrough(), output);
    const heard: unknown[] = [];
    Object.assign(transport, { onmessage: (message: unknown) => heard.push(message) });
    await transport.start();
    output.write(`{"jsonrpc":"2.0","method":"x","params":${abyss}}\n{"jsonrpc":"2.0","method":"y"}\n`);
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([{ jsonrpc: '2.0', method: 'y' }]);
  });
});

const client = (host: string) => ollamaClient({ model: 'tiny', host, ...clientOptions });

test('an Ollama server without a list of models, and calls that are none, are told in words', async () => {
  await using noList = await fakeServer(() => ({ body: { models: 'none' } }));
  await expect(client(noList.url).check(signal)).rejects.toThrow(
    /does not list its models \(the answer holds no list of models\)/,
  );
  for (const calls of [[5], 'x']) {
    await using server = await fakeServer(() => ({ body: ollamaLines({ tool_calls: calls }) }));
    await expect(ask(client(server.url))).rejects.toThrow(/something other than a chat chunk/);
  }
  await using server = await fakeServer(() => ({
    body: ollamaLines({ tool_calls: [{ function: { name: {}, arguments: {} } }] }),
  }));
  expect((await ask(client(server.url))).calls, 'a lost turn of the model').toMatchObject([{ name: '' }]);
});

describe('a record of a public format', () => {
  const samples = new URL('../../suites/importers/samples/', import.meta.url).pathname;
  const edited = async (format: string, file: string, edit: (text: string) => string, input = file) => {
    const folder = join(scratch, format);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    cpSync(join(samples, format), folder, { recursive: true });
    const path = join(folder, file);
    const after = edit(readFileSync(path, 'utf8'));
    expect(after).not.toBe(readFileSync(path, 'utf8'));
    writeFileSync(path, after);
    return (await importerNamed(format)).read(join(folder, input));
  };

  test('that names a folder longer than any can be is skipped', async () => {
    const meta = 'tasks/filesystem/standard/greenhouse/sort_seed_lists/meta.json';
    const { skipped } = await edited(
      'mcpmark',
      meta,
      (text) => text.replace(/"category_id": "[^"]*"/, `"category_id": "${'x'.repeat(5_000)}"`),
      '',
    );
    expect(skipped.map(({ reason }) => reason).join()).toMatch(/its starting files are not here/);
  });

  test('whose list of texts holds something else is skipped', async () => {
    const { skipped } = await edited('mcp-bench', 'tasks_single_runner_format.json', (text) =>
      text.replace(/"servers": \[\s*"/, '"servers": [{}, "').replace(/"server_name": "[^"]*"/, '"servers": [{}]'),
    );
    expect(skipped.map(({ reason }) => reason).join()).toMatch(/"servers" holds a object where a text is expected/);
  });

  test('that says a step twice has it once, and one that no task file could hold is skipped', async () => {
    const file = 'tasks.json';
    const twice = await edited('live-mcp-bench', file, (text) => text.replace(/("Steps": ")([^"\\]*\\n)/, '$1$2$2'));
    const criteria = (twice.file.tasks[0]?.rubric ?? []).map(({ criterion }) => criterion);
    expect(new Set(criteria).size).toBe(criteria.length);
    const strange = await edited('live-mcp-bench', file, (text) =>
      text.replaceAll('/root/txt/high_tides.txt', '/root/../../etc/passwd'),
    );
    expect(strange.skipped.map(({ reason }) => reason).join()).toMatch(
      /it makes no task here: checks\[0\]\.file\.path: .*must be a path below/,
    );
  });
});

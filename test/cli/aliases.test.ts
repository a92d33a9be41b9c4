import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replayedDifferences } from '../../commands/shared/verify-replay.ts';
import { inRealNames } from '../../core/aliases/recorded-names.ts';
import readRun, { readManifest } from '../../core/record/read-run.ts';
import { eachRecord, trajectoryFile } from '../../core/record/run-files.ts';
import type { Manifest } from '../../core/run-types.ts';
import { callsOf, type ScoredTrajectory } from '../../core/trajectory.ts';
import { readAliasing } from '../../envs/aliases/request.ts';
import nativeView from '../../envs/views/native.ts';
import toolView from '../../envs/views/tool.ts';
import { sharedTools } from '../../finetune/ors/offered-tools.ts';
import { verify } from '../../judges/truth/verifier.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const recordsOf = (folder: string): ScoredTrajectory[] => {
  const records: ScoredTrajectory[] = [];
  eachRecord(folder, trajectoryFile, (record) => records.push(record));
  return records;
};

const bytes = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
const serversOf = ({ aliases = {} }: ScoredTrajectory): string[] => Object.keys(aliases).toSorted();

/** Descriptions of one server and one of its tools, three each. */
function paraphrasesIn(folder: string, more: object = {}): string {
  const file = join(folder, 'paraphrases.yaml');
  const tools = {
    'filesystem.write_file': ['Puts a text into a file, one.', 'Puts it there, two.', 'Puts it, three.'],
    ...more,
  };
  writeFileSync(
    file,
    JSON.stringify({ servers: { filesystem: ['Paper, one.', 'Paper, two.', 'Paper, three.'] }, tools }),
  );
  return file;
}

describe('toolstone run --alias', { timeout: 300_000 }, () => {
  test('plays every policy by the same other names, whatever is played at a time, and says so', async () => {
    const folder = temporaryFolder();
    const alias = `1?paraphrases=${encodeURIComponent(paraphrasesIn(folder))}`;
    const run = async (concurrency: string) => {
      const out = join(folder, concurrency);
      const flags = ['--suite', 'micro', '--limit', '4', '--alias', alias, '--concurrency', concurrency, '--out', out];
      const { code, stderr } = await toolstone('run', '--policy', 'oracle', 'random', ...flags);
      expect(code, stderr).toBe(0);
      expect(stderr).toContain('All servers, tools and parameters have other names in each task');
      return out;
    };
    const [one, four] = [await run('1'), await run('4')];
    for (const file of ['trajectories.jsonl', 'systems.jsonl', 'manifest.json'])
      expect(bytes(four, file), file).toBe(bytes(one, file));
    expect(readManifest(one).aliases).toMatchObject({ asked: alias, share: 1, seed: 1, paraphrases: { servers: {} } });
    expect([...readRun(one).systems.values()].some((text) => /Paper, (?:one|two|three)\./.test(text))).toBe(true);

    // Tables go by real names: the oracle calls and loads what its tasks need, and nothing else.
    const { episodes } = readRun(one);
    for (const { tools, success } of episodes.filter(({ job }) => job.startsWith('oracle'))) {
      expect(success?.verified).toBe(true);
      expect(tools).toMatchObject({ wrongCalls: 0, neededShown: tools?.needed, shown: tools?.needed });
    }
    const records = recordsOf(one);
    for (const record of records) {
      expect(serversOf(record)).toEqual(
        serversOf(records.find(({ key }) => key.task === record.key.task) as ScoredTrajectory),
      );
      const real = callsOf(inRealNames(record)).filter(({ event }) => event.kind === 'called');
      expect(real.every(({ event }) => ['filesystem', 'memory'].includes(event.server))).toBe(true);
    }

    // The suite is made again from the manifest, and its tasks are those that were played.
    const tasks = (await recordedSuite(readManifest(one))).tasks('test', 4);
    for (const record of records) {
      const task = tasks.find(({ id }) => id === record.key.task);
      expect(task && verify(task, record)).toEqual(record.success);
    }
    const judged = await toolstone('judge', one, '--judge', 'code', '--out', join(folder, 'judged'));
    expect(judged.code, judged.stderr).toBe(0);
    expect(recordsOf(join(folder, 'judged')).map(({ verdicts }) => verdicts)).toEqual(
      records.map(({ verdicts }) => verdicts),
    );
  });

  test.each([
    [
      ['--alias', '0'],
      '"0" is no share of names. Give a number above 0 and at most 1, for example 1 for all of them or 0.5 for half.',
    ],
    [['--alias', '1?per=family'], 'per'],
    [['--alias', '1?words=many'], 'is no setting of "1"'],
    [['--alias', '1', '--suite', 'collisions'], 'Choose another suite, or leave out --alias.'],
  ])('%j is wrong use, and says how it is right', async (flags, words) => {
    const suite = flags.includes('--suite') ? [] : ['--suite', 'micro'];
    const { code, stderr } = await toolstone('run', '--policy', 'oracle', '--limit', '1', ...suite, ...flags);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(words);
  });
});

const asked = (file: string) => readAliasing(`1?paraphrases=${encodeURIComponent(file)}`);

describe('paraphrases', () => {
  test.each([
    ['[1]', 'holds no paraphrases'],
    [
      '{"tools": {"filesystem.read_file": ["a", "b"]}}',
      'filesystem.read_file has 2 different paraphrases. Give at least 3',
    ],
    ['{"tools": {"filesystem.read_file": "a"}}', 'are no list of texts'],
    ['{"texts": {}}', 'has "texts", which is neither servers nor tools'],
    ['{"tools"', 'cannot be read'],
  ])('%s is refused', (content, words) => {
    const file = join(temporaryFolder(), 'paraphrases.json');
    writeFileSync(file, content);
    expect(() => asked(file)).toThrow(words);
  });

  test('that are held out are refused', async () => {
    const micro = await suiteNamed('micro');
    const planted = { 'memory.read_graph': ['One.', 'Two.', 'fast_read_file'] };
    const aliasing = asked(paraphrasesIn(temporaryFolder(), planted));
    expect(() => withAliases(micro, aliasing)).toThrow(
      '"fast_read_file" of memory.read_graph is a name or description of a held-out server',
    );
    expect(withAliases(micro, asked(paraphrasesIn(temporaryFolder()))).aliases?.real).toBe(micro);
  });
});

test('trainers, which fix their functions before the first task, are told that the view native cannot be aliased', async () => {
  const tasks = withAliases(await suiteNamed('micro'), readAliasing('1')).tasks('train', 2);
  expect(() => sharedTools(nativeView, () => tasks)).toThrow(
    'since --alias names its tools anew, and trainers fix their tools before the first. Choose another view, such as eager or search, or leave out --alias.',
  );
  expect(sharedTools(toolView, () => tasks).metaTools.map(({ name }) => name)).toContain('load_tools');
});

test.each([
  [{ aliases: readAliasing('1') }, 'A run with --alias cannot be played again'],
  [{ distractors: { tools: 300 } }, 'A run with --tools cannot be played again'],
  [{ command: 'train' }, 'this is one of `train`'],
])('verify --wire says why a run with %j cannot be played again', async (more, words) => {
  const manifest = { command: 'run', jobs: [], ...more } as unknown as Manifest;
  await expect(replayedDifferences('run', manifest, undefined, temporaryFolder())).rejects.toThrow(words);
});

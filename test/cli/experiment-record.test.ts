import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import type { Manifest } from '../../core/run-types.ts';
import { waitForLines, type Finished } from './toolstone.ts';
import { isWhole } from '../whole.ts';

/*
 * Records of experiments by the command line: in a copy of the source tree that is a repository of its own, so that what is committed
 * there is known. An experiment is dropped into it that takes seconds.
 */

const root = new URL('../..', import.meta.url).pathname;
const rooms = ['baselines', 'commands', 'core', 'envs', 'finetune', 'judges', 'meta-evaluation', 'reports', 'suites'];

const tiny = `import { anchorJobs, trainingJob, warmStartOfRecord } from '../shared/jobs.ts';
const evaluations = [{ split: 'test', tasks: 6 }];
export default {
  name: 'tiny',
  summary: 'two rewards in seconds',
  defaults: { seeds: 2, episodes: 32, view: 'tool' },
  isTuned: true,
  jobs: ({ seeds, episodes, view }) => [
    ...Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
      ['sparse', 'rubric'].map((reward) =>
        trainingJob({ algorithm: 'grpo', reward, view, seed, episodes, rows: { rewards: reward }, evaluations })),
    ),
    ...anchorJobs(view, evaluations).slice(1, 3),
  ],
};
`;

const folder = mkdtempSync(join(tmpdir(), 'toolstone-record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]) => {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
};

const entry = join(folder, 'toolstone.ts');
const toolstoneThere = (...args: readonly string[]) =>
  spawnSync(process.execPath, [entry, ...args], { cwd: folder, encoding: 'utf8' });
const experiment = (...more: readonly string[]) => toolstoneThere('experiment', 'tiny', '--suite', 'smoke', ...more);

const record = join(folder, 'reports/reference/experiments/tiny-smoke');
const runs = join(folder, 'reports/runs');

/** Every file of the record and what is in it. */
const filesOf = (place = record): Record<string, string> =>
  Object.fromEntries(
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .toSorted()
      .map((path) => [path.slice(place.length + 1), readFileSync(path, 'base64')]),
  );
const jsonOf = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

beforeAll(() => {
  for (const room of rooms)
    cpSync(join(root, room), join(folder, room), {
      recursive: true,
      filter: (path) => !/reports\/(runs|reference\/(experiments|gate))$/.test(path),
    });
  for (const file of ['package.json', 'toolstone.ts', '.gitignore']) cpSync(join(root, file), join(folder, file));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'commands/experiments/tiny.ts'), tiny);
  git('init', '-q');
  writeFileSync(join(folder, '.git/info/exclude'), 'node_modules\n');
  git('add', '-A');
  git('commit', '-qm', 'All');
});

test.runIf(isWhole)(
  'an experiment leaves a row for every evaluated episode, of which tables and page are made again byte by byte',
  () => {
    const played = experiment(...(isWhole ? [] : ['--seeds', '1']));
    expect(played.stderr).toMatch(
      /^\d jobs with \d+ episodes in all, \d at a time: about \d minutes? at the [\d.]+ seconds/,
    );
    expect(played.stdout).toContain('Tables of record: reports/reference/experiments/tiny-smoke');
    expect(played.status, played.stderr).toBe(0);
    const before = filesOf();
    expect(Object.keys(before)).toEqual(
      expect.arrayContaining([
        'episodes.csv.gz',
        'rewards.csv',
        'differences.md',
        'report.html',
        'manifest.json',
        'notes.md',
      ]),
    );
    expect(jsonOf(join(record, 'manifest.json'))).toMatchObject({
      toolstone: { commit: git('rev-parse', 'HEAD'), dirty: false },
    });
    // The page is no part of a commit, and the rest is no change of the code.
    git('add', '-A');
    expect(git('status', '--short')).not.toContain('report.html');
    git('commit', '-qm', 'Record');

    rmSync(runs, { recursive: true });
    for (const name of Object.keys(before))
      if (/\.(md|csv|svg|html)$/.test(name) || (/^[a-z-]+\.json$/.test(name) && !/^(manifest|rows)/.test(name)))
        rmSync(join(record, name));
    const told = toolstoneThere('report', 'reports/reference/experiments/tiny-smoke');
    expect(told.status, told.stderr).toBe(0);
    expect(told.stderr).toMatch(/made of a row for each evaluated episode/);
    expect(filesOf()).toEqual(before);
  },
  180_000,
);

test.runIf(isWhole)(
  'with uncommitted changes nothing of record is written, and one is told before anything is played',
  () => {
    const before = filesOf();
    writeFileSync(join(folder, 'core/changed.ts'), 'export const changed = 1;\n');
    for (const more of [[], ['--tune']]) {
      const refused = experiment(...more);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(
        /uncommitted changes \(core\/changed\.ts\).*Commit or stash the changes.*--no-record/s,
      );
    }
    const gate = toolstoneThere('gate', '--accept', 'a reason');
    expect([gate.status, gate.stderr]).toEqual([2, expect.stringMatching(/uncommitted changes .*--reference/)]);
    expect(existsSync(runs)).toBe(false);
    const free = isWhole ? experiment('--no-record') : undefined;
    expect(free?.status ?? 0, free?.stderr).toBe(0);
    expect(filesOf()).toEqual(before);

    git('add', '-A');
    git('commit', '-qm', 'Change');
    // What was begun before the commit goes on, and is of that commit, since its code is.
    if (isWhole) {
      expect(jsonOf(join(runs, 'experiment-tiny/manifest.json'))).toMatchObject({ toolstone: { dirty: true } });
      expect(experiment().status).toBe(0);
      const stamp = { toolstone: { dirty: false, commit: git('rev-parse', 'HEAD') } };
      expect(jsonOf(join(record, 'manifest.json'))).toMatchObject(stamp);
    }
  },
  180_000,
);

test.runIf(isWhole)(
  'trials are interrupted, go on, and choose settings for each learner, which the experiment has then',
  async () => {
    const tune = ['experiment', 'tiny', '--suite', 'smoke', '--tune', '--episodes', '32', '--seeds', '1'] as const;
    const child = spawn(process.execPath, [entry, ...tune], { cwd: folder, stdio: 'ignore' });
    const finished = new Promise<Finished>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, stdout: '', stderr: '' })),
    );
    await waitForLines(join(runs, 'experiment-tiny-tune/trajectories.jsonl'), 200, finished);
    child.kill('SIGINT');
    expect((await finished).code).toBe(130);
    expect(existsSync(join(record, 'tuning'))).toBe(false);

    const resumed = toolstoneThere(...tune);
    expect(resumed.status, resumed.stderr).toBe(0);
    expect(resumed.stderr).toMatch(/^12 jobs with [\d,]+ episodes in all[\s\S]*resuming the run in/);
    expect(resumed.stdout).toContain('Settings: reports/reference/experiments/tiny-smoke/tuning/settings.json');
    const before = filesOf(join(record, 'tuning'));
    expect(toolstoneThere('report', join(record, 'tuning')).status).toBe(0);
    expect(filesOf(join(record, 'tuning'))).toEqual(before);

    const { rows } = jsonOf(join(record, 'tuning/trials.json')) as { rows: Record<string, string>[] };
    expect(rows).toHaveLength(12);
    const played = readRun(join(record, 'tuning')).episodes;
    const tasksOf = (phase: RegExp) => new Set(played.filter((one) => phase.test(one.phase)).map(({ task }) => task));
    const [measured, curve] = [tasksOf(/^validation$/), tasksOf(/^validation@/)];
    expect([measured.size, curve.size, measured.intersection(curve).size]).toEqual([120, 24, 0]);
    const chosen = rows.filter((row) => row['chosen'] === 'yes');
    const after = experiment('--seeds', '1');
    expect(after.status, after.stderr).toBe(0);
    expect(after.stderr).toContain('Learners have the settings that trials chose for them');
    const { jobs } = jsonOf(join(record, 'manifest.json')) as Pick<Manifest, 'jobs'>;
    expect(jobs.flatMap(({ training }) => training?.algorithm ?? []).toSorted()).toEqual(
      chosen.map((row) => `grpo?learningRate=${row['learning_rate']}&entropyBonus=${row['entropy_bonus']}`).toSorted(),
    );

    const eager = experiment('--view', 'eager');
    expect([eager.status, eager.stderr]).toEqual([2, expect.stringMatching(/no settings for sparse .*--untuned/)]);
    const untuned = experiment('--untuned', '--no-record', '--seeds', '1', '--out', join(runs, 'untuned'));
    expect(untuned.status, untuned.stderr).toBe(0);
    expect(readFileSync(join(runs, 'untuned/manifest.json'), 'utf8')).not.toContain('learningRate');
  },
  300_000,
);

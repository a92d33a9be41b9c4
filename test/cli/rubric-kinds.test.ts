import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LearningPoint, Manifest } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const task = (id: string, split: string) => ({
  id,
  split,
  prompt: `Write "${id} is ripe" into the file "${id}.txt".`,
  servers: ['filesystem'],
  checks: [{ file: { server: 'filesystem', path: `${id}.txt` }, equals: `${id} is ripe` }],
  plan: [
    {
      server: 'filesystem',
      tool: 'write_file',
      arguments: { path: `/world/filesystem/${id}.txt`, content: `${id} is ripe` },
    },
  ],
  rubric: [{ criterion: 'The fruit is ripe.' }],
});
const splits = { apple: 'train', pear: 'train', plum: 'train', melon: 'train', fig: 'validation', kiwi: 'test' };

const read = <T>(folder: string, file: string): T[] =>
  readFileSync(join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;

function fruit() {
  const folder = temporaryFolder();
  const tasks = join(folder, 'fruit.json');
  const all = Object.entries(splits).map(([id, split]) => task(id, split));
  writeFileSync(tasks, JSON.stringify({ name: 'fruit', tasks: all }));
  const train = (...more: string[]) => toolstone('train', '--tasks', tasks, '--episodes', '32', ...more);
  return { folder, train };
}

test.runIf(isWhole)(
  'code rewards a training by criteria of the end state, one by one',
  async () => {
    const { folder, train } = fruit();
    const out = join(folder, 'run');
    const asked = ['--rubric', 'end-state', '--algorithm', 'grpo?normalise=component'];
    const { code, stderr } = await train(...asked, '--out', out);
    expect(code, stderr).toBe(0);
    const { jobs, rewardJudges } = manifestOf(out);
    expect(jobs[0]?.training?.judge).toMatchObject({ name: 'code', rubric: 'end-state' });
    expect(rewardJudges).toMatchObject([{ judge: { name: 'code' }, rubric: 'end-state', calibration: null }]);
    const judged = read<ScoredTrajectory>(out, 'trajectories.jsonl').flatMap((one) => one.judged ?? []);
    expect(judged.length).toBeGreaterThan(30);
    for (const { verdicts, reward, byCode } of judged) {
      expect(verdicts.map(({ criterion }) => criterion)).toEqual([
        'changes-made',
        'nothing-else',
        'exactly-done',
        'finished-when-done',
      ]);
      expect(byCode).toBe(reward);
    }
    // Code turns none of its own signs round.
    for (const { metrics } of read<LearningPoint>(out, 'learning.jsonl')) expect(metrics['sign_flips'] ?? 0).toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('by criteria of the end states');
    // What the tasks state in words code cannot score, and a product has no components.
    const [words, product] = [await train('--fresh'), await train(...asked, '--formula', 'gated')];
    expect([words.code, product.code]).toEqual([2, 2]);
    expect(words.stderr).toMatch(/Code cannot score the rubrics of .*choose --rubric plan or end-state/);
    expect(product.stderr).toMatch(/The formula "gated" multiplies scores, so that its reward has no components/);
  },
  120_000,
);

test('a file of rubrics is frozen by its hash, and must hold all tasks that are judged', async () => {
  const { folder, train } = fruit();
  const [file, out] = [join(folder, 'rubrics.jsonl'), join(folder, 'run')];
  const criterion = { id: 'changes-made', category: 'task-fulfilment', description: 'It is done.', weight: 5 };
  const write = (ids: readonly string[], weight = 5) =>
    writeFileSync(
      file,
      ids
        .map((id) => {
          const split = splits[id as keyof typeof splits];
          return JSON.stringify({
            task: `fruit/own/${split}/${id}`,
            form: 'free',
            criteria: [{ ...criterion, weight }],
          });
        })
        .join('\n'),
    );
  write(['apple', 'pear', 'plum', 'fig']);
  const lacking = await train('--rubric', file, '--out', out);
  expect(lacking.code).toBe(2);
  // The validation tasks of the curve are not judged.
  expect(lacking.stderr).toMatch(/rubrics\.jsonl has no line for 2 of the 5 tasks, e\.g\. fruit\/own\/train\/melon/);
  write(['apple', 'pear', 'plum', 'melon', 'kiwi']);
  const trained = await train('--rubric', file, '--out', out);
  expect(trained.code, trained.stderr).toBe(0);
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  expect(manifestOf(out).rewardJudges).toMatchObject([
    { rubric: { file: 'rubrics.jsonl', hash, by: [], without: {} } },
  ]);
  const [last] = read<ScoredTrajectory>(out, 'trajectories.jsonl').flatMap((one) => one.judged ?? []);
  expect(last?.verdicts.map(({ criterion: id }) => id)).toEqual(['changes-made']);
  write(['apple', 'pear', 'plum', 'melon', 'kiwi'], 6);
  const other = await train('--rubric', file, '--out', out);
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/another/i);
}, 120_000);

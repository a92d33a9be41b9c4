import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Verdict } from '../../core/reward-types.ts';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type JudgeBackend, type ScoredTrajectory, type Trajectory } from '../../core/trajectory.ts';
import { rescore, type RescoreOptions } from '../../judges/stored/rescore.ts';
import { score } from '../../judges/reward/rewards.ts';
import { episode, file, finishTurn, folder, task, wholePlan, handSuite } from './episodes.ts';

export const others = [1, 2].map((number) => ({ ...task, id: `hand/made/test/000${number}` }));
export const suite = handSuite([task, ...others]);

export const manifest: Manifest = {
  version: 1,
  name: 'mine',
  command: 'run',
  suite: 'hand',
  toolstone: { version: '0', source: 'a', commit: 'b', dirty: false },
  node: '24',
  servers: {},
  limits: { contextTokens: 1, resultTokens: 1 },
  rubricFormula: '',
  jobs: [{ name: 'hand', rows: {}, seed: 1, policy: 'hand', view: 'tool', training: null, evaluations: [] }],
};

const ids = task.rubric.criteria.map(({ id }) => id);
export const done = { files: [folder, file] };
export const repeated = (one: Trajectory, repetition: number): Trajectory => ({
  ...one,
  key: { ...one.key, repetition },
});
export const [second, third] = others as [typeof task, typeof task];
/** Two episodes of one task, one of another, and a void one. */
export const trajectories = [
  score(task, repeated(episode([...wholePlan, finishTurn], done), 0)),
  score(second, episode([finishTurn], { of: second })),
  score(task, repeated(episode(wholePlan, done), 1)),
  score(third, episode([], { of: third, outcome: { kind: 'failed', culprit: 'world', message: 'it died' } })),
];

export function storedRun(lines: readonly ScoredTrajectory[] = trajectories) {
  const base = mkdtempSync(join(tmpdir(), 'toolstone-judge-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const path = join(base, 'mine');
  const text = lines.map((one) => `${JSON.stringify(one)}\n`).join('');
  writeRun(path, text);
  return { base, path, text };
}

export function writeRun(path: string, text: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(path, 'trajectories.jsonl'), text);
}

/** A judge by hand; `shown` lists what it was shown, call by call. */
export function handJudge(say: (one: Trajectory) => readonly Verdict[] | undefined, name = 'hand') {
  const shown: string[][] = [];
  const backend: JudgeBackend = {
    name,
    build: '1',
    prompt: null,
    judge: (_, group) => {
      shown.push(group.map(({ key }) => keyText(key)));
      return Promise.resolve(group.map(say) as (readonly Verdict[])[]);
    },
  };
  return { backend, shown };
}

export const all = (value: number): Verdict[] => ids.map((criterion) => ({ criterion, state: 'scored', score: value }));

export const judged = (
  run: { base: string; path: string },
  backend: JudgeBackend,
  more: Partial<RescoreOptions> = {},
) =>
  rescore({
    folder: run.path,
    manifest,
    suite,
    backend,
    rubrics: 'plan',
    formula: 'weight-proportional',
    toolstone: manifest.toolstone,
    base: run.base,
    out: undefined,
    isFresh: false,
    concurrency: 1,
    onFolder: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    ...more,
  });

export const linesOf = (path: string) =>
  readFileSync(join(path, 'trajectories.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredTrajectory);

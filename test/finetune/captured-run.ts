import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RewardName } from '../../core/reward-types.ts';
import type { ScoredTrajectory, Turn } from '../../core/trajectory.ts';
import type { Capture } from '../../core/usage.ts';

export const neutral: Capture['sampling'] = { temperature: 1, topP: 1, topK: 0, minP: 0, repeatPenalty: 1 };
export const capture = (
  prompt: number[],
  output: number[],
  logProbabilities: number[],
  sampling = neutral,
): Capture => ({
  prompt,
  output,
  logProbabilities,
  sampling,
});

/** Three turns: 3 ids of prompt, replies of 2, 1 and 2 ids, observations of 3 and 1. */
export const threeTurns = [
  capture([1, 2, 3], [10, 11], [-0.1, -0.2]),
  capture([4, 5, 6], [12], [-0.3]),
  capture([7], [13, 14], [-0.4, -0.5]),
];

export interface Episode {
  readonly captures: readonly (Capture | undefined)[];
  readonly reward?: number | null;
  readonly task?: string;
  readonly isVoid?: boolean;
  /** Whether it succeeded is for a judge to say, who gave this reward. */
  readonly judgedReward?: number | null;
  readonly policyVersion?: number;
  /** Names that each turn calls; `finish` alone by default. */
  readonly calls?: readonly (readonly string[])[];
  /** What the user said after each turn, where anything. */
  readonly users?: readonly (string | undefined)[];
}

const turn = (one: Capture | undefined, names: readonly string[], user?: string): Turn => ({
  calls: names.map((name) => ({
    action: { name, arguments: {} },
    observation: { text: `${name} done`, isError: false, source: 'history', server: '', cutTokens: 0 },
    event: { kind: 'finished', server: '', tools: [] },
  })),
  ...(one ? { capture: one } : {}),
  ...(user === undefined ? {} : { user }),
  tokens: { system: 0, schemas: {}, results: 0, history: 0, prompt: 0, output: 0 },
});

function scored(
  { captures, reward = 1, task = 't', isVoid = false, judgedReward, ...episode }: Episode,
  index: number,
) {
  const rewards = Object.fromEntries(['sparse', 'state-share', 'rubric'].map((name) => [name, reward]));
  return {
    version: 2,
    key: { job: 'sample', phase: 'train', task: `hand/made/train/${task}`, repetition: index },
    policy: 'llama:tiny.gguf',
    policyVersion: episode.policyVersion ?? 3,
    view: 'tool',
    seed: 0,
    system: 'hash',
    prompt: 'Do it.',
    turns: captures.map((one, index) => turn(one, episode.calls?.[index] ?? ['finish'], episode.users?.[index])),
    outcome: isVoid ? { kind: 'failed', culprit: 'world', message: 'git died' } : { kind: 'terminated', answer: '' },
    startHash: '',
    evidence: {},
    success: isVoid || judgedReward !== undefined ? null : { verified: reward === 1, properFinish: reward === 1 },
    verdicts: [],
    rewards: rewards as Record<RewardName, number | null>,
    ...(judgedReward === undefined ? {} : { judged: { verdicts: [], reward: judgedReward } }),
  } satisfies ScoredTrajectory;
}

/** A run folder of these episodes. */
export function runOf(episodes: readonly Episode[]): string {
  const run = mkdtempSync(join(tmpdir(), 'toolstone-export-'));
  onTestFinished(() => rmSync(run, { recursive: true, force: true }));
  writeFileSync(
    join(run, 'trajectories.jsonl'),
    episodes.map((one, index) => `${JSON.stringify(scored(one, index))}\n`).join(''),
  );
  return run;
}

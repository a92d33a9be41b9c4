import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { TrainingRecord } from '../../core/record/training-record.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import readRun from '../../core/record/read-run.ts';
import type { Column, Table } from './table.ts';

/** A finished `toolstone finetune`. */
export interface FinishedTraining {
  /** Its folder's name. */
  readonly name: string;
  readonly record: TrainingRecord;
  /** Those that the policy played while it learnt (grpo), in the order in which they ended. */
  readonly episodes: readonly Episode[];
}

const columns: readonly Column[] = [
  { key: 'training', title: 'Training', kind: 'text' },
  { key: 'kind', title: 'Kind', kind: 'text' },
  { key: 'base', title: 'Base', kind: 'text' },
  { key: 'reward', title: 'Reward', kind: 'text' },
  { key: 'steps', title: 'Steps', kind: 'count' },
  { key: 'seconds', title: 'Seconds', kind: 'amount' },
  { key: 'sampling_seconds', title: 'Seconds of sampling', kind: 'amount' },
  { key: 'sampled_episodes', title: 'Sampled episodes', kind: 'count' },
  { key: 'tokens', title: 'Tokens', kind: 'count' },
  { key: 'threads', title: 'Threads', kind: 'count' },
  { key: 'peak_mebibytes', title: 'Peak memory, MiB', kind: 'count' },
];

/** What each training cost. Clock and memory are of one machine, so that equal trainings have other figures elsewhere. */
export default function trainingsTable(trainings: readonly FinishedTraining[]): Table {
  return {
    name: 'trainings',
    title: 'Trainings',
    about:
      'What each training cost, its base left out. Seconds: of optimisation on the clock, from the first step to the last; ' +
      'with the sampling in grpo, which rft does before. Tokens: read or drawn by the trainer. Peak memory: the most that ' +
      'its process held at a time. A dash: nothing of the kind, or not recorded.',
    columns,
    rows: trainings.map(({ name, record }) => ({
      training: name,
      kind: record.settings.kind,
      base: modelName(record.settings.base),
      reward: record.sampledEpisodes === null ? null : rewardIn(record),
      steps: record.steps,
      seconds: record.seconds,
      sampling_seconds: record.samplingSeconds,
      sampled_episodes: record.sampledEpisodes,
      tokens: record.tokens,
      threads: record.threads,
      peak_mebibytes: record.peakMebibytes,
    })),
  };
}

/** e.g. `sparse`; `rubric, ollama:qwen3:4b` of one that a judge rewarded. */
const rewardIn = ({ settings: { reward, about } }: TrainingRecord): string =>
  [reward, ...(about?.judge ? [about.judge.judge.name] : [])].join(', ');

/** Reads the folder of a finetuning. Throws `UsageError` where it has not ended well. */
export function readTraining(folder: string): FinishedTraining {
  const path = join(folder, 'training.json');
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} holds no training.json. Give folders of finished finetunings; the same command finishes one that was stopped.`,
    );
  }
  const episodes = join(folder, 'episodes');
  return {
    name: basename(folder),
    record: recordIn(path),
    episodes: existsSync(join(episodes, 'manifest.json')) ? readRun(episodes).episodes : [],
  };
}

function recordIn(path: string): TrainingRecord {
  let record: TrainingRecord | null;
  try {
    record = JSON.parse(readFileSync(path, 'utf8')) as TrainingRecord | null;
  } catch (error) {
    throw new UsageError(`${path} is corrupt (${messageOf(error)}). ${cure}`, { cause: error });
  }
  const base: unknown = record?.settings?.base;
  if (record?.version === 1 && typeof base === 'string' && typeof record.steps === 'number') return record;
  throw new UsageError(`${path} is no record of a training, version 1. ${cure}`);
}

const cure = 'Give the command of that finetuning again to have it written anew.';

/** `S/half/model`, the folder of an earlier training's weights, is `half`; a file is called as it is. */
const modelName = (base: string): string => basename(basename(base) === 'model' ? dirname(base) : base);

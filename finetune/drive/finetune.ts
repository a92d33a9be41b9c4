import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { lockFolder } from '../../core/record/lock.ts';
import { writeWhole } from '../../core/record/files.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { FinetuneKind } from '../../core/record/training-record.ts';
import type { MetaTool, Split } from '../../core/types.ts';
import { sftRows } from '../export/sft-rows.ts';
import type { JudgeToBe } from '../judge/from-flags.ts';
import type { Death } from './death.ts';
import { takeFolder } from './own-folder.ts';
import { pythonWithTrainer } from './python.ts';
import { writeTrainingRecord } from './training-record.ts';
import { ggufOf, servable, trained, type Trained } from './training.ts';

/** What a user may set of a training, in the words of the command line; what is left out the scripts decide. */
export interface TrainingFlags {
  readonly steps?: number;
  readonly learningRate?: number;
  readonly rank?: number;
  readonly seed?: number;
  readonly threads?: number;
  /** sft and rft: first turns of other episodes beside each whole one. */
  readonly openings?: number;
  /** grpo: tasks a step, episodes a task, calls of an episode at most, weight of the divergence from the base. */
  readonly prompts?: number;
  readonly generations?: number;
  readonly turns?: number;
  readonly beta?: number;
}

export interface FinetuneOptions extends TrainingFlags {
  readonly kind: FinetuneKind;
  /** What is trained: a GGUF file, or the `model` folder of an earlier finetuning. */
  readonly base: string;
  /** The GGUF file whose tokenizer and layout the result takes over; by default `base`, where that is one. */
  readonly onto?: string;
  /** Tasks of split `train`: oracle episodes (sft), sampled episodes a round (rft), tasks to draw from (grpo). */
  readonly tasks: number;
  /** rft only. */
  readonly rounds: number;
  /** rft only: what an episode must have earned to be kept. */
  readonly least: number;
  readonly reward: RewardName;
  /** Identity of the run besides these flags, e.g. suite, view and version. */
  readonly about: object;
  readonly out: string;
  readonly isFresh: boolean;
  readonly python?: string;
  readonly metaTools: readonly MetaTool[];
  /** Runs a policy that does not learn over tasks of a split into the folder `out`, which may hold a part of it already. */
  readonly record: (request: { policy: string; split: Split; tasks: number; out: string }) => Promise<unknown>;
  /** Starts the environment server that records its sessions in the folder `out`. */
  readonly serve: (request: { out: string; sessions: number; tasks: number }) => Promise<{
    readonly url: string;
    readonly close: () => Promise<void>;
  }>;
  /** judge only: what it is to learn. */
  readonly judge?: JudgeToBe;
  readonly told: (sentence: string) => void;
}

export interface Finetuned {
  readonly folder: string;
  /** The model as folder, to train on, and as GGUF file, to serve; absent where the run died. */
  readonly model?: string;
  readonly gguf?: string;
  readonly death?: Death;
}

/**
 * Trains a language model on a suite and writes the GGUF file to serve. Every stage leaves a file or folder behind and is
 * skipped when that is there, so that the same command goes on where it was stopped. Throws `UsageError`, `Interrupted`.
 */
export async function finetune(options: FinetuneOptions): Promise<Finetuned> {
  const python = pythonWithTrainer(options.python);
  const onto = ontoOf(options);
  const { out } = options;
  mkdirSync(out, { recursive: true });
  const release = lockFolder(out);
  try {
    takeFolder(options);
    const stages = { sft: supervised, rft: rewardFiltered, grpo: groupRelative, judge: ofVerdicts }[options.kind];
    const { model, death } = await stages({ ...options, python, onto });
    if (death) return { folder: out, death };
    writeTrainingRecord(out);
    return { folder: out, model, gguf: ggufOf(model) };
  } finally {
    release();
  }
}

export type Prepared = FinetuneOptions & { readonly python: string; readonly onto: string };
async function supervised(options: Prepared): Promise<Trained> {
  const rows = await oracleRows(options);
  return trained(options, 'sft', options.out, options.base, ['--rows', rows]);
}

async function rewardFiltered(options: Prepared): Promise<Trained> {
  const rows = await oracleRows(options);
  let base = options.base;
  let gguf = await servable(options, base);
  for (let round = 1; ; round++) {
    const folder = join(options.out, `round-${round}`);
    const sampled = join(folder, 'sampled.jsonl');
    if (!existsSync(sampled)) {
      options.told(`round ${round}: sampling ${options.tasks} episodes`);
      const episodes = join(folder, 'episodes');
      const policy = `llama:${gguf}?temperature=1&outputTokens=${sampledTokens}`;
      await options.record({ policy, split: 'train', tasks: options.tasks, out: episodes });
      writeRows(options, episodes, sampled);
    }
    const chosen = ['--rows', rows, '--sampled', sampled, '--least', String(options.least)];
    const result = await trained(options, 'rft', folder, base, chosen);
    if (result.death || round >= options.rounds) return result;
    base = result.model;
    gguf = ggufOf(base);
  }
}

/** A call has some seventy; a policy that rambles should not cost minutes. */
const sampledTokens = 160;

async function groupRelative(options: Prepared): Promise<Trained> {
  const { generations = 8, prompts = 1, tasks, out } = options;
  if (existsSync(join(out, 'model'))) return { model: join(out, 'model') };
  const episodes = join(out, 'episodes');
  mkdirSync(episodes, { recursive: true });
  const server = await options.serve({ out: episodes, sessions: generations * prompts, tasks });
  try {
    return await trained(options, 'grpo', out, options.base, ['--url', server.url, '--tasks', String(tasks)]);
  } finally {
    await server.close();
  }
}

async function ofVerdicts({ judge, ...options }: Prepared): Promise<Trained> {
  const { out, base, onto, told } = options;
  if (judge === undefined) throw new UsageError('A judge learns from labels. Give their file with --labels.');
  const file = join(out, 'verdicts.jsonl');
  if (!existsSync(file)) {
    told('writing what the judge reads and shall say');
    writeLines(file, await judge.rows(onto));
  }
  // beside the file to serve, for whoever names it as a judge
  writeWhole(join(out, 'judge.json'), `${JSON.stringify({ settings: judge.settings })}\n`);
  return trained(options, 'judge', out, base, ['--rows', file]);
}

/** Rows of oracle episodes of split `train`. */
async function oracleRows(options: Prepared): Promise<string> {
  const rows = join(options.out, 'oracle.jsonl');
  if (existsSync(rows)) return rows;
  options.told(`recording ${options.tasks} episodes of the oracle`);
  const episodes = join(options.out, 'oracle');
  await options.record({ policy: 'oracle', split: 'train', tasks: options.tasks, out: episodes });
  writeRows(options, episodes, rows);
  return rows;
}

const writeRows = ({ reward, metaTools }: Prepared, run: string, file: string): void =>
  writeLines(file, sftRows({ run, reward, metaTools }));

const writeLines = (file: string, rows: readonly object[]): void =>
  writeWhole(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

function ontoOf({ base, onto }: FinetuneOptions): string {
  const file = onto ?? base;
  if (file.endsWith('.gguf') && existsSync(file)) return file;
  throw new UsageError(
    onto === undefined
      ? `${base} is no GGUF file that is there. Give the GGUF file it was trained from with --onto.`
      : `There is no GGUF file ${onto}. Give the one that the base was trained from.`,
  );
}

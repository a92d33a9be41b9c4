import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eachLine } from '../../core/record/lines.ts';
import { writeWhole } from '../../core/record/files.ts';
import { eachRecord, timingFile, trajectoryFile } from '../../core/record/run-files.ts';
import type { TrainingParts, TrainingRecord } from '../../core/record/training-record.ts';
import { readMetrics, type StepMetrics } from './metrics.ts';

/** Writes `training.json` from what the finished finetuning in `folder` has left there. */
export function writeTrainingRecord(folder: string): TrainingRecord {
  const settings = JSON.parse(readFileSync(join(folder, 'finetune.json'), 'utf8')) as TrainingRecord['settings'];
  const isByRounds = settings.kind === 'rft';
  const folders = isByRounds ? roundsOf(folder) : [folder];
  const steps = folders.map((round) => readMetrics(join(round, 'metrics.jsonl')));
  const last = steps.map(lastStep);
  const episodes = folders.map((round) => join(round, 'episodes'));
  const record: TrainingRecord = {
    version: 1,
    settings,
    steps: sum(last.map(({ step }) => step)),
    seconds: sum(last.map(({ seconds }) => seconds)),
    samplingSeconds: isByRounds ? sum(episodes.flatMap(secondsOf)) : null,
    sampledEpisodes: isByRounds || settings.kind === 'grpo' ? sum(episodes.map(episodesIn)) : null,
    tokens: allOf(
      last.map(({ tokens }) => tokens),
      sum,
    ),
    threads: allOf(
      last.map(({ threads }) => threads),
      most,
    ),
    parts: partsOf(steps.flat()),
    peakMebibytes: allOf(
      last.map(({ peakMebibytes }) => peakMebibytes),
      most,
    ),
  };
  writeWhole(join(folder, 'training.json'), `${JSON.stringify(record, null, 2)}\n`);
  return record;
}

export const readTrainingRecord = (folder: string): TrainingRecord =>
  JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')) as TrainingRecord;

/** All steps of a finetuning so far; of its first round where it goes by rounds. */
export function stepsIn(folder: string): StepMetrics[] {
  const [first = folder] = roundsOf(folder);
  return readMetrics(join(first, 'metrics.jsonl'));
}

function roundsOf(folder: string): string[] {
  const rounds: string[] = [];
  const next = () => join(folder, `round-${rounds.length + 1}`);
  while (existsSync(next())) rounds.push(next());
  return rounds;
}

/** The last step, with the most memory of all, since a resumption is a process of its own. */
function lastStep(steps: readonly StepMetrics[]): Partial<StepMetrics> & Pick<StepMetrics, 'step' | 'seconds'> {
  const peaks = steps.flatMap(({ peakMebibytes }) => peakMebibytes ?? []);
  const last = steps.at(-1) ?? { step: 0, seconds: 0 };
  return peaks.length === 0 ? last : { ...last, peakMebibytes: most(peaks) };
}

function partsOf(steps: readonly StepMetrics[]): TrainingParts | null {
  const all: Record<string, { seconds: number; tokens: number | null }> = {};
  for (const [name, { seconds, tokens }] of steps.flatMap(({ parts = {} }) => Object.entries(parts))) {
    const before = all[name];
    const known = [before?.tokens, tokens].flatMap((one) => one ?? []);
    all[name] = { seconds: (before?.seconds ?? 0) + seconds, tokens: known.length === 0 ? null : sum(known) };
  }
  return Object.keys(all).length === 0 ? null : all;
}

/** Seconds of each sitting of a run. */
function secondsOf(run: string): number[] {
  const seconds: number[] = [];
  eachRecord(run, timingFile, (timing) => seconds.push(timing.seconds));
  return seconds;
}

const episodesIn = (run: string): number => eachLine(join(run, trajectoryFile.name), () => {}).lines;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const most = (values: readonly number[]): number => Math.max(...values);

/** Null where one of the values is not known. */
function allOf(values: readonly (number | null | undefined)[], join: (numbers: readonly number[]) => number) {
  const numbers = values.flatMap((value) => value ?? []);
  return numbers.length === values.length && numbers.length > 0 ? join(numbers) : null;
}

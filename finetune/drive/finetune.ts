import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { lockFolder } from '../../core/record/lock.ts';
import { writeWhole } from '../../core/record/files.ts';
import { sftRows, type SftRow } from '../export/sft-rows.ts';
import type { JudgeToBe } from '../judge/judge-to-be.ts';
import { refuseAbsentEngine, refuseUneven, usualStep } from './checks.ts';
import { takeFolder } from './folder.ts';
import type { Finetuned, FinetuneOptions, Prepared } from './options.ts';
import { pythonWithTrainer } from './python.ts';
import { runTrainer } from './trainer.ts';
import { ratesText } from './rates.ts';
import { writeTrainingRecord } from './training-record.ts';
import { ggufOf, servable, trained, type Trained } from './training.ts';

/**
 * Trains a language model on a suite and writes the GGUF file to serve. Every stage leaves a file or folder behind and is
 * skipped when that is there, so that the same command goes on where it was stopped. Throws `UsageError`, `Interrupted`.
 */
export async function finetune(options: FinetuneOptions): Promise<Finetuned> {
  if (options.kind === 'judge') judgeOf(options);
  const python = pythonWithTrainer(options.python);
  const onto = ontoOf(options);
  if (options.kind === 'grpo') {
    refuseUneven(options);
    refuseAbsentEngine(python, options.engine);
  }
  const { out } = options;
  mkdirSync(out, { recursive: true });
  const release = lockFolder(out);
  try {
    takeFolder(options);
    const stages = { sft: supervised, rft: rewardFiltered, grpo: groupRelative, judge: ofVerdicts }[options.kind];
    const { model, death } = await stages({ ...options, python, onto });
    if (death) return { folder: out, death };
    const { parts } = writeTrainingRecord(out);
    if (parts) options.told(`It took: ${ratesText(parts)}.`);
    return { folder: out, model, gguf: ggufOf(model) };
  } finally {
    release();
  }
}

async function supervised(options: Prepared): Promise<Trained> {
  const rows = await oracleRows(options);
  return trained(options, 'sft', options.out, options.base, ['--rows', rows]);
}

async function rewardFiltered(options: Prepared): Promise<Trained> {
  const rows = await oracleRows(options);
  const { turnTokens = callTokens } = options;
  let base = options.base;
  // The user's own folder is left as it is, and what lies beside it may be of another model.
  let gguf = await servable(options, base, join(options.out, 'base', 'tuned.gguf'));
  for (let round = 1; ; round++) {
    const folder = join(options.out, `round-${round}`);
    const sampled = join(folder, 'sampled.jsonl');
    if (!existsSync(sampled)) {
      options.told(`round ${round}: sampling ${options.tasks} episodes`);
      const episodes = join(folder, 'episodes');
      const policy = `llama:${gguf}?temperature=1&outputTokens=${turnTokens}`;
      await options.record({ policy, split: 'train', tasks: options.tasks, out: episodes, isRewarded: true });
      writeLines(sampled, await rowsOf(options, episodes));
    }
    const chosen = ['--rows', rows, '--sampled', sampled, '--least', String(options.least)];
    const result = await trained(options, 'rft', folder, base, chosen);
    if (result.death || round >= options.rounds) return result;
    base = result.model;
    gguf = ggufOf(base);
  }
}

/** A call has some seventy; a policy that rambles should not cost minutes. */
const callTokens = 160;

async function groupRelative(options: Prepared): Promise<Trained> {
  const { generations, prompts, tasks, components, out } = { ...usualStep, ...options };
  if (existsSync(join(out, 'model'))) return { model: join(out, 'model') };
  const episodes = join(out, 'episodes');
  mkdirSync(episodes, { recursive: true });
  const server = await options.serve({ out: episodes, sessions: generations * prompts });
  try {
    const apart = components ? ['--components', JSON.stringify(components)] : [];
    const args = ['--url', server.url, '--limit', String(tasks), ...apart];
    return await trained(
      { ...options, ...(server.lost ? { lost: server.lost } : {}) },
      'grpo',
      out,
      options.base,
      args,
    );
  } finally {
    await server.close();
  }
}

async function ofVerdicts(options: Prepared): Promise<Trained> {
  const { out, base, onto, told } = options;
  const judge = judgeOf(options);
  const file = join(out, 'verdicts.jsonl');
  if (!existsSync(file)) {
    told('writing what the judge reads and shall say');
    writeLines(file, await judge.rows(onto, await templateOf(options)));
  }
  // beside the file to serve, for whoever names it as a judge
  writeWhole(join(out, 'judge.json'), `${JSON.stringify({ settings: judge.settings })}\n`);
  return trained(options, 'judge', out, base, ['--rows', file]);
}

/** The chat template that the base is trained in; it stands beside the file to serve. */
async function templateOf({ python, base, out }: Prepared): Promise<string> {
  const file = join(out, 'chat_template.jinja');
  if (!existsSync(file)) {
    const args = ['--base', base, '--out', out];
    const log = join(out, 'template-log');
    await runTrainer({ python, script: 'template', arguments: args, out: log, heard: () => undefined });
  }
  return readFileSync(file, 'utf8');
}

function judgeOf({ judge }: FinetuneOptions): JudgeToBe {
  if (judge) return judge;
  throw new UsageError('A judge learns from labels. Give their file with --labels.');
}

/** Rows of oracle episodes of split `train`. */
async function oracleRows(options: Prepared): Promise<string> {
  const rows = join(options.out, 'oracle.jsonl');
  if (existsSync(rows)) return rows;
  options.told(`recording ${options.tasks} episodes of the oracle`);
  const episodes = join(options.out, 'oracle');
  await options.record({ policy: 'oracle', split: 'train', tasks: options.tasks, out: episodes, isRewarded: false });
  writeLines(rows, (await rowsOf(options, episodes)).map(trusted));
  return rows;
}

const rowsOf = async ({ reward, offered }: Prepared, run: string): Promise<SftRow[]> =>
  sftRows({ run, reward, offered: await offered(run) });

/** Where only a judge could say more, the plan that the task's author wrote counts as done: code found nothing wrong with it. */
const trusted = (row: SftRow): SftRow => (row.verified === null ? { ...row, verified: true, properFinish: true } : row);

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

import { UsageError } from '../../core/errors.ts';
import { chainNote } from '../../core/record/chain.ts';
import readRun, { findRun, type Run } from '../../core/record/read-run.ts';
import compare, { type GateResult } from '../../reports/gate/gate.ts';
import { looks, referenceTrainings } from '../../reports/gate/looks.ts';
import { trainingsOf } from '../../reports/gate/measures.ts';
import {
  isTraining,
  readReference,
  type Reference,
  referenceNote,
  referenceOf,
  writeReference,
} from '../../reports/gate/reference.ts';
import { sightOf, sightText } from '../../reports/gate/sight.ts';
import { runsFolder } from './places.ts';
import { refuseUncommitted } from './records.ts';
import { printTable } from './print-table.ts';
import { print, printVerdict, tell } from './printing.ts';
import { runExperiment } from './experiments.ts';

export interface HouseGateOptions {
  readonly suite: string;
  readonly out?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly reference?: string | undefined;
  readonly accept?: string | undefined;
}

/** The house's own suites, by policies that learn and policies that do not, against committed numbers. */
export async function gateHouse(name: string | undefined, options: HouseGateOptions): Promise<GateResult['verdict']> {
  const { accept, reference: folder = 'reports/reference/gate' } = options;
  const named = name === undefined ? undefined : readRun(findRun(name, runsFolder));
  if (named?.chain.kind === 'rows')
    throw new UsageError(
      `${named.folder} holds rows of a run and not its records, whose bytes the gate compares. Name a run, or none.`,
    );
  if (accept !== undefined) {
    // A reason that is none is told before minutes of training.
    if (accept.trim() === '') throw new UsageError('A new reference needs a reason: write it after --accept.');
    // Another folder than the one of record is its owner's.
    if (options.reference === undefined) refuseUncommitted('name a folder of your own with --reference');
    if (options.reference === undefined && named?.manifest.toolstone.dirty)
      throw new UsageError(
        `${named.folder} was made by a working tree with uncommitted changes, and figures of record have to name the commit that ` +
          'made them. Leave the run out, so that the gate plays another, or name a folder of your own with --reference.',
      );
    const run = named ?? (await play(options, { seeds: referenceTrainings }));
    print(`Accepted as reference: ${writeReference(folder, referenceOf(run, accept))}`);
    return 'pass';
  }
  const reference = readReference(folder);
  tell(referenceNote(reference));
  for (const [arm, trainings] of trainingsOf(reference.jobs.filter(isTraining)))
    tell(sightText(arm, sightOf(trainings.map(({ averages }) => averages))));
  const result = named ? told([named], reference) : await lookAndPlay(options, reference);
  if (result.offending.rows.length > 0) printTable(result.offending);
  printVerdict(
    [...result.reasons, `gate: ${result.verdict.replaceAll('-', ' ')}`].join('\n'),
    result.verdict === 'pass',
  );
  return result.verdict;
}

/** Plays until the data are enough, or the looks are over. */
async function lookAndPlay(options: HouseGateOptions, reference: Reference): Promise<GateResult> {
  const runs: Run[] = [];
  for (const [index, trainings] of looks.entries()) {
    const played = looks[index - 1] ?? 0;
    const out = options.out !== undefined && index > 0 ? `${options.out}-look-${index + 1}` : options.out;
    runs.push(await play({ ...options, out }, { seeds: trainings - played, seedsBefore: played }));
    const result = told(runs, reference);
    if (result.verdict !== 'not-enough-data' || index === looks.length - 1) return result;
    tell(`Look ${index + 1} of ${looks.length}, not enough data yet: ${result.reasons.join(' ')}`);
  }
  throw new Error('there are no looks');
}

const play = async ({ suite, out, concurrency }: HouseGateOptions, seeds: { seeds: number; seedsBefore?: number }) =>
  readRun(await runExperiment('gate', 'gate', { suite, out, concurrency, fresh: true, ...seeds }));

function told(runs: readonly Run[], reference: Reference): GateResult {
  runs.slice(-1).forEach(({ chain }) => tell(chainNote(chain)));
  return compare(runs, reference);
}

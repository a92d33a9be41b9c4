import { dirname, join } from 'node:path';
import type { Calibration } from '../../core/calibration-types.ts';
import { attackStamp, attackText } from '../../core/record/attack-stamp.ts';
import stampText from '../../core/record/calibration-stamp.ts';
import { UsageError } from '../../core/errors.ts';
import type { CalibrateFlags, JudgeFlags, JudgingFlags } from './judge-commands.ts';
import { writeWhole } from '../../core/record/files.ts';
import { attended, tellFolder } from '../../core/run/run-jobs.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import type { Suite } from '../../core/types.ts';
import { calibrateRun } from '../../judges/calibration/calibrate-run.ts';
import { readAttacks, readCalibrations } from '../../judges/calibration/read.ts';
import { genericRubric, rubricFor } from '../../judges/rubric/criteria.ts';
import { judgeNamed } from '../../judges/judge.ts';
import { readLabels } from '../../judges/calibration/labels.ts';
import { costsText } from '../../judges/language/costs.ts';
import type { CostedJudge } from '../../judges/language/language-judge.ts';
import { rescore } from '../../judges/stored/rescore.ts';
import { readRubrics, type ChosenRubrics } from '../../judges/rubric/file.ts';
import { judgingSource } from './identity.ts';
import type { Version } from './version.ts';

/** What judging a stored run needs from elsewhere. */
export interface Surroundings {
  readonly runsFolder: string;
  readonly toolstone: Version;
  /** Milliseconds of a monotonic clock; for costs only. */
  readonly now: () => number;
  readonly readManifest: (folder: string) => Manifest;
  readonly suiteNamed: (name: string) => Promise<Suite>;
  /** Folder for a calibration of a run by a judge, and what writes it there; gives the paths, the page first. */
  readonly calibrationFolder: (base: string, run: string, judge: string, out: string | undefined) => string;
  readonly writeCalibration: (folder: string, records: readonly Calibration[]) => readonly string[];
}

/** `toolstone judge`: gives the new run's folder and what came of it in words. Throws `UsageError`. */
export async function judgeStored(folder: string, options: JudgeFlags, surroundings: Surroundings) {
  const { calibration, attacks, fitness, out, fresh } = options;
  const stored = await judging(folder, options, surroundings);
  const given = {
    ...stored,
    ...(calibration === undefined ? {} : { calibrations: readCalibrations(calibration) }),
    ...(attacks === undefined ? {} : { attacks: readAttacks(attacks) }),
    ...(fitness === undefined ? {} : { fitness }),
    toolstone: { ...surroundings.toolstone, source: judgingSource(stored.suite, options.judge) },
    base: surroundings.runsFolder,
    out,
    isFresh: fresh === true,
    onFolder: tellFolder,
  };
  const { path, counts } = await attended((signal, onProgress) => rescore({ ...given, signal, onProgress }));
  return { path, said: `Judged by ${given.backend.name}: ${counts}.${costsIn(path, given.backend)}` };
}

/** `toolstone calibrate`: gives the stamp and the page in words. Throws `UsageError`. */
export async function calibrateStored(run: string | undefined, options: CalibrateFlags, surroundings: Surroundings) {
  const { runsFolder, calibrationFolder, writeCalibration } = surroundings;
  const labels = readLabels(options.labels);
  const given = await judging(run ?? dirname(options.labels), options, surroundings);
  const { manifest, backend } = given;
  // Before the judging, which may cost hours.
  const folder = calibrationFolder(runsFolder, manifest.name, backend.name, options.out);
  const { record, attacks } = await attended((signal, onProgress) =>
    calibrateRun({ ...given, labels, signal, onProgress }),
  );
  const [page = folder] = writeCalibration(folder, [record]);
  if (attacks) writeWhole(join(folder, 'attacks.json'), `${JSON.stringify(attacks, null, 2)}\n`);
  const attacked = attacks === null ? '' : `\n${backend.name}: ${attackText(attackStamp(attacks))}.`;
  return { page, said: `${stampText(record.stamp)}.${costsIn(folder, backend)}${attacked}` };
}

/** A stored run with its suite, and the judge that a user names for it. */
async function judging(folder: string, options: JudgingFlags, surroundings: Surroundings) {
  const { runsFolder, readManifest, suiteNamed, now } = surroundings;
  const { judge, tasks, rubric, formula, concurrency } = options;
  const manifest = readManifest(folder);
  if (tasks === undefined && manifest.suite.includes('@')) {
    throw new UsageError(`The run was of own tasks, ${manifest.suite}: name their file with --tasks.`);
  }
  const rubrics: ChosenRubrics = rubric === 'own' || rubric === 'generic' ? rubric : readRubrics(rubric);
  if (judge === 'code') refuseUncheckable(rubrics);
  const suite = await suiteNamed(tasks ?? manifest.suite);
  const means = { cacheFolder: join(runsFolder, '.verdicts'), now };
  return { folder, manifest, suite, backend: await judgeNamed(judge, means), rubrics, formula, concurrency };
}

/** Code decides by the ids of our own criteria, and can read no other. */
function refuseUncheckable(rubrics: ChosenRubrics): void {
  const known = new Set(rubricFor([], []).criteria.map(({ id }) => id));
  const asked = rubrics === 'own' ? [] : rubrics === 'generic' ? [genericRubric] : [...rubrics.lines.values()];
  const unknown = asked.flatMap(({ criteria = [] }) => criteria).find(({ id }) => !known.has(id));
  if (!unknown) return;
  throw new UsageError(
    `Code has no check for the criterion "${unknown.id}" and reads no words. Name a judge that does: embedded, or a model.`,
  );
}

/** Writes what a judge has cost, `costs.json`, and says it in words; '' for one that costs nothing. */
function costsIn(folder: string, backend: JudgeBackend | CostedJudge): string {
  if (!('costs' in backend)) return '';
  const costs = backend.costs();
  writeWhole(join(folder, 'costs.json'), `${JSON.stringify(costs, null, 2)}\n`);
  return costsText(costs);
}

import { basename, dirname } from 'node:path';
import type { LabelSet } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { findRun } from '../../core/record/read-run.ts';
import { attended } from '../../core/run/run-jobs.ts';
import type { JudgeBackend } from '../../core/trajectory.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import calibrate from '../../judges/calibration/calibrate.ts';
import { calibrateRun, type Calibrated } from '../../judges/calibration/calibrate-run.ts';
import { calibrateTranscripts } from '../../judges/calibration/calibrate-transcripts.ts';
import { readLabels } from '../../judges/calibration/labels.ts';
import { readTranscripts } from '../../judges/calibration/transcripts.ts';
import { readVerdicts } from '../../judges/calibration/verdicts.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { judgeResources } from './judge-resources.ts';
import { runsFolder } from './places.ts';
import { overWire, type QuestionSubject, subjectOf } from './question-wire.ts';
import { judgingSource, verdictSource } from './run-identity.ts';
import { storedRun, type JudgingOptions } from './stored-run.ts';

/** What a user says of a calibration. */
export interface CalibratingOptions extends Omit<JudgingOptions, 'judge'> {
  readonly judge?: string | undefined;
  readonly labels?: string | undefined;
  readonly verdicts?: string | undefined;
  readonly transcripts?: string | undefined;
}

/** A calibration that can be made. */
export interface ToCalibrate {
  /** Name of the run or of the file. */
  readonly about: string;
  readonly judge: string;
  /** `null`: its verdicts were given elsewhere. */
  readonly backend: JudgeBackend | null;
  /** Throws `UsageError`, `Interrupted`. */
  readonly calibrated: () => Promise<Calibrated>;
}

/** Reads what a user gave: a run, transcripts, or verdicts that were given elsewhere. Throws `UsageError`. */
export async function toCalibrate(run: string | undefined, options: CalibratingOptions): Promise<ToCalibrate> {
  const { verdicts, transcripts } = options;
  if (verdicts === undefined && transcripts === undefined) return ofRun(run, options);
  const flag = verdicts === undefined ? '--transcripts' : '--verdicts';
  const unused = [...(run === undefined ? [] : ['a run']), ...(options.tasks === undefined ? [] : ['--tasks'])];
  if (unused.length > 0) throw new UsageError(`${flag} needs no run: leave out ${unused.join(' and ')}.`);
  if (options.rubric !== undefined)
    throw new UsageError(`${flag} brings its own criteria: leave out --rubric ${options.rubric}.`);
  return verdicts === undefined ? ofTranscripts(transcripts ?? '', options) : ofVerdicts(verdicts, options);
}

async function ofRun(name: string | undefined, options: CalibratingOptions): Promise<ToCalibrate> {
  const file = labelsFileIn(options);
  const judge = judgeIn(options);
  const run = name === undefined ? dirname(file) : findRun(name, runsFolder);
  const labels = readLabels(file);
  const stored = await storedRun(run, { ...options, judge });
  const { manifest, backend } = stored;
  return {
    about: manifest.name,
    judge: backend.name,
    backend,
    calibrated: () =>
      overWire(subjectOf(stored.suite, judgingSource(stored.suite, judge)), () =>
        attended((signal, onProgress) => calibrateRun({ ...stored, labels, signal, onProgress })),
      ),
  };
}

async function ofTranscripts(file: string, options: CalibratingOptions): Promise<ToCalibrate> {
  const set = readTranscripts(file);
  const labels = options.labels === undefined ? undefined : readLabels(options.labels);
  const judge = judgeIn(options);
  const backend = await judgeNamed(judge, judgeResources());
  const { formula, concurrency } = options;
  const request = { set, labels, backend, formula, concurrency };
  return {
    about: stemOf(file),
    judge: backend.name,
    backend,
    calibrated: async () => ({
      record: await overWire(transcriptsSubject(judge), () =>
        attended((signal, onProgress) => calibrateTranscripts({ ...request, signal, onProgress })),
      ),
      attacks: null,
    }),
  };
}

/** Transcripts are of no suite, and their questions hold all that is asked. */
const transcriptsSubject = (judge: string): QuestionSubject => ({
  suite: 'transcripts',
  servers: [],
  source: verdictSource(judge),
});

function ofVerdicts(file: string, options: CalibratingOptions): ToCalibrate {
  if (chosenWire()) throw new UsageError('No model is asked for verdicts of a file: leave out --wire.');
  const labels: LabelSet = readLabels(labelsFileIn(options));
  const { judge, verdicts } = readVerdicts(file);
  return {
    about: stemOf(file),
    judge: judge.name,
    backend: null,
    calibrated: () => Promise.resolve({ record: calibrate({ judge, labels, verdicts }), attacks: null }),
  };
}

const stemOf = (file: string) => basename(file).replace(/\.\w+$/, '');

function labelsFileIn({ labels }: CalibratingOptions): string {
  if (labels !== undefined) return labels;
  throw new UsageError('Name the label file with --labels: a judge is measured against labels (docs/judges.md).');
}

function judgeIn({ judge }: CalibratingOptions): string {
  if (judge !== undefined) return judge;
  throw new UsageError('Name a judge with --judge, or a file of its verdicts with --verdicts.');
}

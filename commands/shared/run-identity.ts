import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { policyFilesOf } from '../../baselines/open-policies.ts';
import { namedFileHashes } from '../../core/identity/named-files.ts';
import { reachOf } from '../../core/identity/reach.ts';
import { moduleEnding } from '../../core/list.ts';
import { judgeOfJob } from '../../core/run/reward-source.ts';
import type { Job } from '../../core/run-types.ts';
import { allServersOf } from '../../core/suite-servers.ts';
import type { Suite } from '../../core/types.ts';
import { serverFile } from '../../envs/catalogue.ts';
import { serverNames } from '../../envs/server-list.ts';
import { viewFile } from '../../envs/view-list.ts';
import { judgeFiles } from '../../judges/judge-list.ts';
import { attackFiles } from '../../meta-evaluation/attacks/attack-list.ts';
import { defectFiles } from '../../meta-evaluation/defects/defect-list.ts';
import { familyFile } from '../../suites/tasks/family-list.ts';
import { ownTasksFile, suiteFile, suiteNames } from '../../suites/tasks/suite-list.ts';

const here = (path: string): URL => new URL(`${path}${moduleEnding}`, import.meta.url);

/**
 * What makes the episodes of these jobs, and so decides whether a run may go on: their modules without comments and layout
 * (`core/identity`), the data and packages of these, and the content of files that the jobs name by path. Versions of
 * servers, limits and judges stand in the manifest beside it.
 */
export const sourceOf = (suite: Suite, jobs: readonly Job[]): string =>
  identityOf(modulesOf(suite, jobs), jobs.flatMap(pathsOfJob));

const modulesOf = (suite: Suite, jobs: readonly Job[]): readonly URL[] => [
  here('./worker'),
  ...filesOf(suite),
  ...jobs.flatMap(filesOfJob),
];

/** The parts of `sourceOf`, so that it can be told which of them differs elsewhere. */
export interface SourceParts {
  /** SHA-256 (hex) of the modules, with their data and packages. */
  readonly modules: string;
  /** SHA-256 (hex) of the files that a policy or judge names, and of what is read beside them, by the name that names them. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

export const sourceParts = (suite: Suite, jobs: readonly Job[]): SourceParts => ({
  modules: reachOf(modulesOf(suite, jobs)).hash,
  files: Object.fromEntries([...new Set(jobs.flatMap(pathsOfJob))].map((name) => [name, namedFileHashes(name)])),
});

/** What makes the verdicts of a judging of stored episodes; the judge's build and rubrics stand in the manifest beside it. */
export const judgingSource = (suite: Suite, judge: string): string =>
  identityOf([here('../../judges/stored/rescore'), ...filesOf(suite), ...judgeFiles(judge)], [judge]);

/** What makes the verdicts on transcripts that are of no suite. */
export const verdictSource = (judge: string): string =>
  identityOf([here('../../judges/calibration/calibrate-transcripts'), ...judgeFiles(judge)], [judge]);

/** What makes the rubrics that a model writes. */
export const writtenSource = (suite: Suite): string =>
  identityOf([here('../../judges/rubric/writing/write'), ...filesOf(suite)], []);

/** What makes planted defects or attacked episodes on tasks of a suite. */
export const plantedSource = (suite: Suite, isAttack: boolean): string =>
  identityOf(
    isAttack
      ? [here('../../meta-evaluation/attacks/attacked-run'), ...attackFiles(), ...filesOf(suite)]
      : [here('../../meta-evaluation/defects/planted-run'), ...defectFiles(), ...filesOf(suite)],
    [],
  );

type Served = Pick<Job, 'view' | 'training' | 'judge'>;

/** What makes the episodes of sessions that are served, and what rewards them. */
export const servedSource = (suite: Suite, job: Served): string =>
  identityOf(servedFiles(suite, job), judgePathsOf(job));

const servedFiles = (suite: Suite, job: Served): URL[] => [
  here('../../finetune/ors/serve'),
  viewFile(job.view),
  ...filesOf(suite),
  ...judgeFilesOf(job),
];

/** What makes a finetuned model: what serves its episodes, and the trainer's scripts. */
export function finetunedSource(suite: Suite, job: Served): string {
  const scripts = new URL('../../finetune/trl/', import.meta.url);
  const trainer = [
    here('../../finetune/drive/finetune'),
    // Python may have left a folder of compiled modules there.
    ...readdirSync(scripts, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [new URL(entry.name, scripts)] : [],
    ),
  ];
  return identityOf([...trainer, ...servedFiles(suite, job)], judgePathsOf(job));
}

function identityOf(entries: readonly URL[], names: readonly string[]): string {
  const hash = createHash('sha256').update(reachOf(entries).hash);
  for (const file of [...new Set(names.flatMap(namedFileHashes))].sort()) hash.update(`\n${file}`);
  return `modules:${hash.digest('hex')}`;
}

/** A suite with its families and servers. Users' own servers are a part of the task file, whose hash is in the suite's name. */
function filesOf(suite: Suite): URL[] {
  const { name, families, familyFiles = families } = suite;
  const published = allServersOf(suite).filter((server) => serverNames.includes(server));
  const tasks = suiteNames().includes(name) ? [suiteFile(name), ...familyFiles.map(familyFile)] : [ownTasksFile];
  return [...tasks, ...published.map(serverFile)];
}

/** A job's view, policy, learner and judge. */
const filesOfJob = (job: Job): URL[] => [viewFile(job.view), ...policyFilesOf(job), ...judgeFilesOf(job)];

function judgeFilesOf(job: Served): URL[] {
  const judge = judgeOfJob(job);
  return judge ? judgeFiles(judge.name) : [];
}

/** Names of a job in which a path may stand. */
const pathsOfJob = (job: Job): string[] => [job.policy, ...judgePathsOf(job)];

function judgePathsOf(job: Served): string[] {
  const judge = judgeOfJob(job);
  return judge ? [judge.name, judge.calibration ?? '', judge.rubric ?? ''] : [];
}

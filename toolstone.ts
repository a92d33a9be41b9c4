#!/usr/bin/env node
import './core/node-version.ts';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { algorithmNames, patience, policiesOf, policyNames, type EndpointCeilings } from './baselines/catalogue.ts';
import noOp from './baselines/policies/no-op.ts';
import oracle from './baselines/policies/oracle.ts';
import { endWell, failWith } from './commands/shared/endings.ts';
import { commandLine, type Handlers, type Words } from './commands/shared/command-line.ts';
import { sizesOf, type RunFlags } from './commands/shared/flags.ts';
import { listIn, modulesIn } from './core/list.ts';
import { defaultLimits } from './core/run/limits.ts';
import { writeWhole } from './core/record/files.ts';
import { ownVersion, runJobs } from './core/run/run-jobs.ts';
import type { Experiment, Job } from './core/run-types.ts';
import { jobWorkerData } from './core/run/worker.ts';
import { serverNames } from './envs/catalogue.ts';
import { serverText, toolspaceOf } from './envs/toolspaces.ts';
import eagerView from './envs/views/eager.ts';
import { viewNamed } from './envs/view-parts/views.ts';
import { openWorldPool } from './envs/world-pool.ts';
import knownAttacks from './judges/calibration/known-attacks.ts';
import { judgeNames } from './judges/judge.ts';
import readRun, { findRun, readManifest } from './core/record/read-run.ts';
import passGate from './reports/gate/pass-gate.ts';
import { figuresOf, readFigures, suitesTable, writeFigures } from './reports/tables/suite-figures.ts';
import { tableMarkdown } from './reports/tables/table.ts';
import { trainingTimingsTable } from './reports/tables/timings.ts';
import writeCalibration, { calibrationFolder } from './reports/write-calibration.ts';
import writeReport from './reports/write-report.ts';
import writeTables, { tablesOf } from './reports/write-tables.ts';
import { suiteNamed, suiteNames } from './suites/tasks/suites.ts';
import { defaultSplit, describeSuite, sizeOf, choicesOf } from './suites/tasks/describe.ts';
import { serveSuiteJobs } from './commands/shared/worker.ts';
import { fixedJob, onlyRows, recordName, trainingRun } from './commands/shared/jobs.ts';
import { manifestOf } from './commands/shared/manifest.ts';
import policyRun from './commands/shared/policy-run.ts';
import { withRewardJudges } from './commands/shared/reward-judges.ts';

const here = (path: string) => new URL(path, import.meta.url);
const folder = {
  experiments: here('./commands/experiments/'),
  importers: here('./suites/importers/'),
};
const runsFolder = resolve('reports/runs');
const gateFolder = 'reports/reference/gate';
const suiteFigures = here('./reports/reference/suites.json');
const exitCodes = { pass: 0, regressed: 1, 'not-enough-data': 3, incomparable: 4 } as const;
const toolstone = () => ownVersion(new URL(import.meta.url));
const print = (text: string) => process.stdout.write(`${text}\n`);

/** What a worker thread is told at its start. */
interface WorkerSettings {
  readonly suite: string;
  readonly lanes: number;
  readonly ceilings?: EndpointCeilings;
}

/** Jobs of an experiment, run, reported and printed. Returns the run's folder. */
async function runExperiment(command: string, name: string, options: RunFlags): Promise<string> {
  const experiment = await listIn<Experiment>(folder.experiments, 'experiment').load(name);
  const suite = await suiteNamed(options.suite);
  const planned = experiment.jobs({ ...sizesOf(experiment, options), ...choicesOf(suite) });
  const jobs = onlyRows(planned, options.rows);
  return runAndReport(command, command === name ? name : `${command}-${name}`, jobs, options);
}

async function runAndReport(...run: Parameters<typeof recordJobs>): Promise<string> {
  const path = await recordJobs(...run);
  // A run with holes is no success, whatever its tables say of the rest.
  if (printReport(path) > 0) process.exitCode = exitCodes['not-enough-data'];
  return path;
}

/** Runs jobs into their folder. */
async function recordJobs(
  command: string,
  name: string,
  jobs: readonly Job[],
  options: RunFlags & { ceilings?: EndpointCeilings },
): Promise<string> {
  const suite = await suiteNamed(options.suite);
  // An unknown name, a missing checkpoint or an endpoint that is down is told before a folder is made.
  for (const job of jobs) await policiesOf(job, suite);
  const manifest = await withRewardJudges(manifestOf(command, name, suite, jobs, toolstone()), suite);
  return runJobs({
    manifest,
    jobs,
    base: runsFolder,
    out: options.out === undefined ? undefined : resolve(options.out),
    isFresh: options.fresh === true,
    concurrency: options.concurrency ?? patience(jobs),
    entry: new URL(import.meta.url),
    settings: { suite: options.suite, ceilings: options.ceilings },
  });
}

/** Returns the number of void episodes. */
function printReport(path: string, finetunings: readonly string[] = []): number {
  const { page, tables, notes, voidEpisodes } = writeReport(path, { attacks: knownAttacks(), finetunings });
  for (const table of tables) if (table.name !== 'families' && table.rows.length > 0) print(tableMarkdown(table));
  for (const note of notes) process.stderr.write(`${note}\n`);
  print(`Report: ${relative(process.cwd(), page)}`);
  return voidEpisodes;
}

/* ---- what the commands do (core/commands.ts says what a user may type); what one alone needs is loaded there ---- */

const handlers: Handlers = {
  bench: async (options) => void (await runExperiment('bench', 'bench', options)),

  experiment: async (name, options) => {
    const run = readRun(await runExperiment('experiment', name, options));
    const { suite } = run.manifest;
    const target = resolve('reports/reference/experiments', recordName(name, suite, options.judge));
    writeTables(target, [...tablesOf([run], knownAttacks()), trainingTimingsTable([run])]);
    writeWhole(join(target, 'manifest.json'), `${JSON.stringify(run.manifest, null, 2)}\n`);
    print(`Tables of record: ${relative(process.cwd(), target)}`);
  },

  train: async (options) => {
    const { name, jobs } = trainingRun(options);
    await runAndReport('train', name, jobs, options);
  },

  run: async (options) => {
    const { tasks: suite = options.suite, requestsPerMinute, totalTokens } = options;
    const ceilings = {
      ...(requestsPerMinute ? { requestsPerMinute } : {}),
      ...(totalTokens ? { totalTokens } : {}),
    };
    const { name, jobs } = policyRun(await suiteNamed(suite), options);
    await runAndReport('run', name, jobs, { ...options, suite, ceilings });
  },

  report: (run, { trainings }) => void printReport(findRun(run, runsFolder), trainings),

  gate: async (name, options) => {
    const given = name === undefined ? null : findRun(name, runsFolder);
    const makeRun = () => runExperiment('gate', 'gate', { ...options, fresh: true });
    const { said, verdict } = await passGate(options, async () => readRun(given ?? (await makeRun())));
    print(said);
    process.exitCode = exitCodes[verdict];
  },

  perf: async (options) => {
    const { measureGroups } = await import('./commands/perf/measure.ts');
    const { default: choicePerf } = await import('./commands/perf/choices.ts');
    const { perfGroups } = await import('./commands/perf/groups.ts');
    const { orsPerf } = await import('./commands/perf/ors.ts');
    const { default: reportPerf } = await import('./commands/perf/table.ts');
    const groups = [
      ...perfGroups({ policiesOf, choicePerf, entry: new URL(import.meta.url) }),
      orsPerf(await suiteNamed('basic')),
    ];
    print(reportPerf(await measureGroups(groups, options), options));
  },

  suites: async ({ measure, concurrency }) => {
    if (measure !== undefined) {
      const options = { suite: measure, concurrency, fresh: true, out: join(runsFolder, `suite-${measure}`) };
      const figures = figuresOf(readRun(await runExperiment('suites', 'anchors', options)));
      writeFigures(fileURLToPath(suiteFigures), { ...readFigures(suiteFigures), [measure]: figures });
    }
    const suites = await Promise.all(suiteNames().map(suiteNamed));
    for (const suite of suites) print(describeSuite(suite));
    print(tableMarkdown(suitesTable(suites.map(sizeOf), readFigures(suiteFigures))));
  },

  servers: () => print(serverNames.map(serverText).join('\n')),

  checkTasks: async (file) => {
    const { checkTasks, describeChecked } = await import('./suites/own-tasks/check.ts');
    const checked = await checkTasks(file, { openView: eagerView, carryOut: oracle, doNothing: noOp() });
    print(describeChecked(checked));
    if (checked.some(({ faults }) => faults.length > 0)) process.exitCode = exitCodes.regressed;
  },

  importTasks: async (input, output, { format }) => {
    const { importTasks } = await import('./suites/importers/reading/write.ts');
    const { tasks, skipped, notes, files } = await importTasks({ format, input, output });
    print(
      `${tasks} tasks, ${skipped} records skipped, ${notes} notes:\n${files.map((path) => `  ${path}`).join('\n')}`,
    );
  },

  serve: async ({ suite: suiteName, view, reward, families, tokenFile, reapAfter, out, fresh, ...rest }) => {
    const { readToken, rewardNamed, serve } = await import('./finetune/ors/serve.ts');
    const suite = await suiteNamed(suiteName);
    const path = await serve({
      ...rest,
      suite,
      view,
      openView: await viewNamed(view),
      reward: rewardNamed(reward),
      limits: defaultLimits,
      unheardSeconds: reapAfter,
      openPool: (lanes) => openWorldPool({ lanes }),
      version: toolstone().version,
      told: (sentence) => void process.stderr.write(`${sentence}\n`),
      manifestOf: (name, job) => manifestOf('serve', name, suite, [job], toolstone()),
      base: runsFolder,
      out: out === undefined ? undefined : resolve(out),
      isFresh: fresh === true,
      clock: () => performance.now(),
      ...(families === undefined ? {} : { families: families.split(',') }),
      ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
    });
    print(`Sessions recorded in ${relative(process.cwd(), path)}; \`toolstone report\` makes the page.`);
  },

  finetune: async (kind, options) => {
    const { finetuneByFlags } = await import('./finetune/drive/from-flags.ts');
    const { suite: suiteName, view, concurrency } = options;
    const suite = await suiteNamed(suiteName);
    const { said, isDead } = await finetuneByFlags(kind, options, {
      suite,
      ...surroundings(),
      openView: await viewNamed(view),
      manifestOf: (name, job) => manifestOf('finetune', name, suite, [job], toolstone()),
      record: async ({ policy, split, tasks, out }) => {
        const job = fixedJob(policy, view, {}, [{ split, tasks }]);
        await recordJobs('finetune', `finetune-${split}`, [job], { suite: suiteName, concurrency, out });
      },
      told: (sentence) => void process.stderr.write(`${sentence}\n`),
      clock: () => performance.now(),
    });
    print(said);
    if (isDead) process.exitCode = exitCodes['not-enough-data'];
  },

  export: async (run, options) => {
    const { writeExport } = await import('./finetune/export/write.ts');
    const path = findRun(run, runsFolder);
    const view = readManifest(path).jobs[0]?.view ?? 'tool';
    print(writeExport(path, options, await viewNamed(view)));
  },

  judge: async (run, options) => {
    const { judgeStored } = await import('./commands/shared/stored-run.ts');
    const { path, said } = await judgeStored(findRun(run, runsFolder), options, surroundings());
    printReport(path);
    print(said);
  },

  calibrate: async (run, options) => {
    const { calibrateStored } = await import('./commands/shared/stored-run.ts');
    const folder = run === undefined ? undefined : findRun(run, runsFolder);
    const { page, said } = await calibrateStored(folder, options, surroundings());
    print(`${said}\nCalibration: ${relative(process.cwd(), page)}`);
  },

  defects: async (options) => {
    const { makeDefects } = await import('./meta-evaluation/defects/make.ts');
    const { folder: made, said } = await makeDefects(options, runsFolder, toolstone());
    const path = relative(process.cwd(), made);
    print(
      `${said}\n\nLabels: ${path}/labels.jsonl; try toolstone calibrate --judge code --labels ${path}/labels.jsonl`,
    );
  },

  rubrics: async (options) => {
    const { writeRubrics } = await import('./judges/rubric/writing/write.ts');
    print(await writeRubrics(options, { ...surroundings(), defaultSplit, toolspaceOf }));
  },

  judgeTrain: async (options) => {
    const { makeJudge } = await import('./meta-evaluation/judge-training/make-judge.ts');
    print(await makeJudge(options, { ...surroundings(), findRun }));
  },
};

const surroundings = () => ({
  runsFolder,
  toolstone: toolstone(),
  now: () => performance.now(),
  readManifest,
  suiteNamed,
  calibrationFolder,
  writeCalibration,
});

const workerData = jobWorkerData();
if (workerData !== null) {
  const { ceilings, ...settings } = workerData as WorkerSettings;
  const verdictFolder = join(runsFolder, '.verdicts');
  await serveSuiteJobs({ ...settings, verdictFolder, policiesOf: (job, suite) => policiesOf(job, suite, ceilings) });
} else {
  endWell();
  const words: Words = {
    version: toolstone().version,
    algorithms: algorithmNames,
    policies: policyNames,
    experiments: modulesIn(folder.experiments),
    formats: modulesIn(folder.importers),
    judges: judgeNames(),
    gateFolder,
  };
  await commandLine(words, handlers).parseAsync().catch(failWith);
}

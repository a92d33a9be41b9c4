import { policiesOf, type JobPolicies } from '../../baselines/open-policies.ts';
import { UsageError } from '../../core/errors.ts';
import { PolicyUnusable } from '../../core/policy-unusable.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import { runJob } from '../../core/run/job.ts';
import type { Job } from '../../core/run-types.ts';
import { chooseCounting, chosenCounter, type ChosenCounting } from '../../core/run/chosen.ts';
import { offerLibrary } from '../../core/own-module.ts';
import { judgeOfJob } from '../../core/run/reward-source.ts';
import { keyText, type EpisodeKey } from '../../core/trajectory.ts';
import { jobWorkerData, serveJobs } from '../../core/run/worker.ts';
import { chooseOwnServers, type OwnServerChoice } from '../../envs/client-files/choice.ts';
import { adoptConfinement, type Confinement } from '../../envs/confinement/choice.ts';
import { chooseDeadlines, type Deadlines } from '../../envs/processes/deadlines.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { viewNamed } from '../../envs/view-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import type { WireChoice } from '../../core/wire/wire-types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { rewardComponents } from '../../judges/rubric/components.ts';
import { keepEndpointKeys } from './endpoint-keys.ts';
import { judgeResources } from './judge-resources.ts';
import { library } from './places.ts';
import { judgedTasks, rewardJudgeOf } from './reward-judges.ts';
import { playedSuite, type PlayedSuite } from './worker-suite.ts';
import { workerWorlds } from './worker-worlds.ts';

/** What a worker thread is told at its start. */
export interface WorkerSettings extends PlayedSuite {
  readonly lanes: number;
  readonly ceilings?: EndpointCeilings | undefined;
  readonly deadlines?: Deadlines;
  readonly confinement?: Confinement;
  readonly counting?: ChosenCounting;
  readonly ownServers?: OwnServerChoice;
  readonly wire?: WireChoice | undefined;
}

/** Milliseconds of a steady clock. */
const clock = () => performance.now();

/** A worker thread: suite, worlds, policy, view and judge meet here. */
export async function serveSuiteJobs(): Promise<void> {
  const settings = jobWorkerData() as WorkerSettings;
  const { lanes, ceilings, deadlines = {}, confinement, counting = {}, ownServers, wire } = settings;
  offerLibrary(library);
  chooseDeadlines(deadlines);
  if (confinement) adoptConfinement(confinement);
  chooseCounting(counting);
  if (ownServers) chooseOwnServers(ownServers);
  const worlds = workerWorlds(() => openWorldPool({ lanes }), wire);
  const suite = await playedSuite(settings);
  const policiesFor = keptForJob((job) => openPolicies(job, suite, { ceilings, counter: chosenCounter() }));
  serveJobs(async ({ job, resume, done, only }, emit, signal) => {
    if (wire) keepEndpointKeys([job.policy]);
    const openView = withExecution(await viewNamed(job.view), job.execution);
    const written = new Set(done);
    const wanted = only && new Set(only);
    const asked = judgeOfJob(job);
    const judge = asked && (await rewardJudgeOf(asked, suite, () => judgedTasks([job], suite), judgeResources()));
    // Of this piece of work alone: whoever takes it over has told nothing yet.
    const toldSystems = new Set<string>();
    await runJob(job, {
      suite,
      pool: worlds.poolFor(emit),
      lanes,
      openView,
      limits: counting.limits ?? {},
      counter: chosenCounter(),
      score,
      judge: judge?.source ?? null,
      components: (task, { verdicts, judged }) =>
        judge && judged ? judge.components(task, judged) : rewardComponents(task.rubric, verdicts),
      ...(judge?.costs ? { judgeCosts: judge.costs } : {}),
      ...(await policiesFor(job)),
      resume,
      isDone: (key: EpisodeKey) => written.has(keyText(key)) || wanted?.has(keyText(key)) === false,
      emit: (message) => {
        if (message.kind === 'system' && toldSystems.has(message.hash)) return;
        if (message.kind === 'system') toldSystems.add(message.hash);
        emit(message);
      },
      clock,
      signal,
    });
  }, worlds.dispose);
}

/** Opens the policies of a job once for the pieces of it that follow one another; a training begins with policies of its own. */
function keptForJob(open: (job: Job) => Promise<JobPolicies>): (job: Job) => Promise<JobPolicies> {
  let kept: { readonly name: string; readonly policies: JobPolicies } | undefined;
  return async (job) => {
    if (!job.training && kept?.name === job.name) return kept.policies;
    kept = undefined;
    const policies = await open(job);
    if (!job.training) kept = { name: job.name, policies };
    return policies;
  };
}

/** As `policiesOf`; what is wrong now was right when the run began, and is of this policy alone. */
async function openPolicies(...asked: Parameters<typeof policiesOf>): ReturnType<typeof policiesOf> {
  try {
    return await policiesOf(...asked);
  } catch (error) {
    throw error instanceof UsageError ? new PolicyUnusable(error.message, { cause: error }) : error;
  }
}

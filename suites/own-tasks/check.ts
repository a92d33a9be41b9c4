import { inParallel } from '../../core/run/episode.ts';
import { messageOf, TaskFailure, UsageError, WorldFailure } from '../../core/errors.ts';
import { turnLimit } from '../../core/run/limits.ts';
import { rollout } from '../../core/run/rollout.ts';
import { hasSolution } from '../../core/solution.ts';
import { seedOf } from '../../core/seeds.ts';
import { callsOf as recordedCalls, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { OpenView, Policy, Task, Tool, World, WorldPool } from '../../core/types.ts';
import { argumentFaults } from '../../envs/argument-check.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { serverRemarks, startFaults, toolspaceOf } from '../../envs/toolspaces.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { failedChecks } from '../../judges/truth/reasons.ts';
import { score } from '../../judges/reward/rewards.ts';
import type { OwnTask } from './format.ts';
import { gapsOf } from './gaps.ts';
import { type ReadTaskFile, readTaskFile } from './read.ts';
import { addOwnServers, callsOf, serversOf, type ToolFault, toolFaults } from './servers.ts';
import { pathText } from './source.ts';
import { fromNowhere } from './from-nowhere.ts';
import { otherWords } from './other-words.ts';
import { tasksOf } from './suite.ts';
import { twiceSentences } from './twice.ts';
import { unguarded } from './unguarded.ts';

/** What checking needs of elsewhere. */
export interface CheckOptions {
  /** Shows every schema from the start, so that a plan can be carried out as it stands. */
  readonly openView: OpenView;
  /** A policy that carries out plans. */
  readonly carryOut: (solutionOf: (taskId: string) => Pick<Task, 'plan' | 'answer'>) => Policy;
  /** A policy that ends at once. */
  readonly doNothing: Policy;
  /** Told of all servers before the first is started. */
  readonly onServers?: (servers: readonly string[]) => void;
  /** Told of what is to be known of the servers, once they have listed their tools: a sentence each. */
  readonly onRemarks?: (remarks: readonly string[]) => void;
  /** Told of each task once it is checked, in no order. */
  readonly onTask?: (task: CheckedTask) => void;
}

export interface CheckedTask {
  readonly id: string;
  /** What is broken, a sentence each; none for a sound task. */
  readonly faults: readonly string[];
  /** What could not be looked at. */
  readonly remarks: readonly string[];
  /** Whether a plan, or an answer that needs none, was carried out: only then is a task without faults sound. */
  readonly isPlayed: boolean;
  /** What is still to be written, a sentence each; such a task is not looked at any further. */
  readonly gaps?: readonly string[];
  /** What to add, where no check reads the value on which the answer rests. */
  readonly unguarded?: string;
  /** The plan passes all that code checks, and the rest is for a judge. */
  readonly isForJudge?: boolean;
}

const LANES = 3;
const noLimits = { contextTokens: Number.MAX_SAFE_INTEGER, resultTokens: Number.MAX_SAFE_INTEGER };

/**
 * Starts the servers of a task file and looks whether every task can be done and judged: its calls name tools that are
 * there, doing nothing does not pass, the reference plan does, and does so again.
 * @throws UsageError where the file itself is wrong.
 */
export async function checkTasks(path: string, options: CheckOptions): Promise<readonly CheckedTask[]> {
  const taskFile = addOwnServers(readTaskFile(path));
  const servers = serversOf(taskFile);
  options.onServers?.(servers);
  const down = startFaults(servers);
  const { tools } = toolspaceOf(servers.filter((name) => !down.has(name)));
  options.onRemarks?.(servers.flatMap(serverRemarks));
  const wrongNames = toolFaults(taskFile.file, tools);
  const tasks = tasksOf(taskFile).filter(({ split }) => split === 'test');
  const checked: CheckedTask[] = [];
  // Episodes side by side would meet on a server that nothing resets.
  const pool = openWorldPool({ lanes: servers.some(isElsewhere) ? 1 : LANES });
  try {
    await inParallel(tasks, LANES, async (task, index) => {
      const ownTask = taskFile.file.tasks[index] as OwnTask;
      const { id } = ownTask;
      const gaps = gapsOf(ownTask, ['tasks', index]).map((fault) => sentence(taskFile, fault.path, fault.what));
      const startFaultsOfTask = task.world.servers.flatMap((name) => down.get(name) ?? []);
      const wrong = wrongNames.filter(({ path: [, at], server }) => at === index && !down.has(server));
      const never = wrong.filter(({ mayCome }) => !mayCome).map((fault) => sentence(taskFile, fault.path, fault.what));
      const faults = [...startFaultsOfTask, ...never, ...argumentSentences(taskFile, index, tools)];
      const late = wrong.map((fault) => ({ ...fault, what: sentence(taskFile, fault.path, fault.what) }));
      const findings =
        gaps.length > 0
          ? { faults: [], remarks: [], isPlayed: false, gaps }
          : faults.length > 0
            ? { faults, remarks: [], isPlayed: false }
            : await checkInWorld(task, pool, options, late, tools);
      checked[index] = { id, ...findings };
      options.onTask?.(checked[index]);
    });
  } finally {
    await pool.dispose();
  }
  return checked;
}

const isElsewhere = (server: string): boolean => serverDefinition(server).own?.reach.kind === 'http';

type Place = Parameters<ReadTaskFile['lineOf']>[0];

function sentence({ lineOf }: ReadTaskFile, path: Place, what: string): string {
  return `line ${lineOf(path)}: ${pathText(path.slice(2))}: ${what}`;
}

function argumentSentences(taskFile: ReadTaskFile, index: number, tools: readonly Tool[]): string[] {
  const task = taskFile.file.tasks[index];
  if (!task) return [];
  return callsOf(task, ['tasks', index]).flatMap(({ call, path, isWhole }) => {
    const tool = tools.find(({ server, name }) => server === call.server && name === call.tool);
    const faults = tool && isWhole ? argumentFaults(tool.inputSchema, call.arguments ?? {}) : undefined;
    const what = `these are not what ${call.server}.${call.tool} takes: ${faults}.`;
    return faults === undefined ? [] : [sentence(taskFile, [...path, 'arguments'], what)];
  });
}

/* ---- in a world ---- */

async function checkInWorld(
  task: Task,
  pool: WorldPool,
  { openView, carryOut, doNothing }: CheckOptions,
  late: readonly ToolFault[],
  tools: readonly Tool[],
): Promise<Omit<CheckedTask, 'id'>> {
  const live = (policy: Policy) => liveEpisode(task, pool, openView, policy);
  const faults: string[] = [];
  const remarks: string[] = [];
  let open: string | null = null;
  const found = () => ({
    faults: [...new Set(faults)],
    remarks,
    isPlayed: hasSolution(task),
    ...(open === null ? {} : { unguarded: open }),
  });
  const idle = await live(doNothing);
  if (typeof idle === 'string') return { faults: [idle], remarks, isPlayed: false };
  faults.push(...idle.impure);
  if (idle.scored.success?.verified !== false)
    faults.push(
      'Doing nothing passes: no check that code can decide asks for anything that is not already true at the start.',
    );
  if (!hasSolution(task)) {
    remarks.push(...late.map(({ what }) => `${what} No plan shows whether it comes later.`));
    return found();
  }
  const most = turnLimit(task, 'tool');
  const neededTurns =
    new Set(task.plan.map(({ server, tool }) => `${server} ${tool}`)).size +
    task.plan.length +
    (task.messages?.length ?? 1);
  if (most < neededTurns)
    faults.push(`mostTurns is ${most}, but the plan takes ${neededTurns} turns in the view that loads tool by tool.`);
  const reference = carryOut(() => task);
  const first = await live(reference);
  if (typeof first === 'string') {
    faults.push(first);
    return found();
  }
  faults.push(...first.impure);
  const missing = late.filter(({ server, tool }) => !first.came.has(`${server}\n${tool}`));
  faults.push(...missing.map(({ what }) => `${what} It did not appear while the plan ran, either.`));
  if (first.scored.success === null) {
    remarks.push('The plan passes every check that code can decide; only a judge can decide on the rest.');
    return { ...found(), isForJudge: true };
  }
  if (first.scored.success.verified) {
    remarks.push(...troubles(first.scored), ...otherWords(task, first.scored), ...fromNowhere(task, first.scored));
    open = unguarded(task, first.scored, tools);
  } else faults.push(...troubles(first.scored), ...failedSentences(task, first.scored));
  if (task.world.servers.some(isElsewhere)) {
    remarks.push('The plan was carried out only once, because a remote server cannot be reset.');
    return found();
  }
  const second = await live(reference);
  if (typeof second === 'string') faults.push(`The second time: ${second}`);
  else if (first.scored.success?.verified !== second.scored.success?.verified)
    faults.push(
      'The same plan had another result the second time: something survives an episode, or a check depends on chance.',
    );
  return found();
}

interface LiveEpisode {
  readonly scored: ScoredTrajectory;
  /** What its checks did beside looking. */
  readonly impure: readonly string[];
  /** Tools that a server listed anew in its middle: server, newline, name. */
  readonly came: ReadonlySet<string>;
}

/** A scored episode, or why there is none. */
async function liveEpisode(
  task: Task,
  pool: WorldPool,
  openView: OpenView,
  policy: Policy,
): Promise<LiveEpisode | string> {
  const { signal } = new AbortController();
  const came = new Set<string>();
  const key = { job: 'check', phase: task.split, task: task.id, repetition: 0 };
  try {
    return await pool.use(task.world, seedOf('world', task.id), async (world) => {
      const { trajectory } = await rollout({
        task,
        policy,
        policyVersion: 0,
        world: watched(world, ({ server, name }) => came.add(`${server}\n${name}`)),
        openView,
        toolNamesUpFront: true,
        limits: noLimits,
        key,
        seed: 0,
        signal,
      });
      const scored = score(task, trajectory);
      if (scored.outcome.kind === 'failed') return `It cannot be evaluated: ${scored.outcome.message}`;
      return { scored, impure: await twiceSentences(task, trajectory, world), came };
    });
  } catch (error) {
    if (error instanceof UsageError || error instanceof WorldFailure || error instanceof TaskFailure)
      return `No world could be made: ${messageOf(error)}`;
    throw error;
  }
}

const watched = (world: World, came: (tool: Tool) => void): World => ({
  ...world,
  call: async (...asked) => {
    const result = await world.call(...asked);
    result.tools?.forEach(came);
    return result;
  },
});

/** What went wrong on the plan's way. */
function troubles(scored: ScoredTrajectory): string[] {
  const { outcome } = scored;
  const calls = recordedCalls(scored).filter(({ action }) => action.name === 'call_tool');
  const errors = calls.flatMap(({ observation }, index) =>
    observation.isError ? [`plan[${index}] was answered with an error: ${observation.text}`] : [],
  );
  if (outcome.kind !== 'truncated') return errors;
  return [...errors, `The plan was cut off before its end (${outcome.cause}).`];
}

const failedSentences = (task: Task, scored: ScoredTrajectory): string[] =>
  failedChecks(task, scored).map(
    ({ index, expected, found }) => `checks[${index}] fails after the plan. Expected: ${expected}. Found: ${found}.`,
  );

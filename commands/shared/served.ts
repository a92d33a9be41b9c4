import { chosenCounter, chosenLimits } from '../../core/run/chosen.ts';
import type { Execution } from '../../core/execution.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { Job, TrainingJudge } from '../../core/run-types.ts';
import type { Suite, Task, ViewName } from '../../core/types.ts';
import { viewNamed } from '../../envs/view-list.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { servedRun, type ServeOptions } from '../../finetune/ors/serve.ts';
import { judgedRewards, type Judging } from '../../finetune/ors/judged-rewards.ts';
import { codeRewards } from '../../finetune/ors/session-rewards.ts';
import type { OpenRewardJudge } from '../../judges/reward/reward-judge.ts';
import { suiteNamed, type TaskSource } from '../../suites/tasks/suite-list.ts';
import { tellConfinement } from './confinement.ts';
import { rewardSlug } from './jobs.ts';
import { manifestOf, tellAmiss } from './manifest.ts';
import { refuseUnrewarded } from './own-jobs.ts';
import { runsFolder, verdictsFolder } from './places.ts';
import { tell } from './printing.ts';
import { namingJudges, rewardJudgeOf } from './reward-judges.ts';
import { suiteHere } from './suite-here.ts';
import { viewModels } from './tell-views.ts';
import { codeVersion } from './version.ts';

/** What is served, and what its episodes earn. */
export interface ServedChoice {
  readonly source: TaskSource;
  readonly view: ViewName;
  readonly execution: Execution;
  readonly reward: RewardName;
  /** Whose verdicts make the rubric's reward; absent: code's on the usual rubrics. */
  readonly judge?: TrainingJudge | undefined;
  /** Of each split, at most. */
  readonly tasks: number;
  readonly families?: readonly string[] | undefined;
}

/** A judge that is open for episodes whose policy is trained elsewhere; `tasks` as in `ServedChoice`. Throws `UsageError`. */
export const servedJudge = (
  judge: TrainingJudge,
  suite: Suite,
  { tasks, families }: Pick<ServedChoice, 'tasks' | 'families'>,
): Promise<OpenRewardJudge> =>
  rewardJudgeOf(judge, suite, () => learntFrom(suite, tasks, families), { cacheFolder: verdictsFolder, now: clock });

/** Those that trainers learn from: of the split `train`; of all where a suite has none. */
function learntFrom(suite: Suite, most: number, families?: readonly string[]): readonly Task[] {
  const learnt = suite.splits.includes('train') ? suite.tasks('train', most, families) : [];
  return learnt.length > 0 ? learnt : suite.splits.flatMap((split) => suite.tasks(split, most, families));
}

/** Milliseconds of a steady clock. */
const clock = () => performance.now();

/**
 * What `serve` and `finetune` need to serve a suite as one run: suite, worlds, view, rewards and manifest. `opened` is its judge,
 * where that is open already, and `told` hears that it is gone. Throws `UsageError` before any world is made.
 */
export async function servedOptions(
  command: string,
  choice: ServedChoice,
  sourceOf: (suite: Suite, job: Job) => string,
  { opened, told = tell }: { readonly opened?: OpenRewardJudge | undefined; readonly told?: Judging['told'] } = {},
): Promise<Omit<ServeOptions, 'sessions' | 'unheardSeconds' | 'host' | 'port' | 'out' | 'isFresh'>> {
  const { view, execution, reward, judge: asked, tasks, families } = choice;
  const whole = await suiteNamed(choice.source);
  if (asked === undefined) refuseUnrewarded(reward, whole, () => learntFrom(whole, tasks, families));
  const recording = { view, execution, reward: rewardSlug(reward, asked), judge: asked, tasks };
  const { name, job } = servedRun(whole, recording);
  const { suite, without } = suiteHere(whole, [job]);
  const judge = opened ?? (asked && (await servedJudge(asked, suite, choice)));
  tellConfinement(suite);
  const code = codeVersion();
  const described = {
    ...manifestOf(command, name, suite, [job], code, sourceOf(suite, job), without),
    ...(await viewModels([job])),
  };
  const manifest = namingJudges(described, judge ? [judge.use] : []);
  tellAmiss(manifest);
  return {
    suite,
    tasks,
    ...(families === undefined ? {} : { families }),
    job,
    openView: await viewNamed(view),
    rewards: judge ? judgedRewards({ judge, clock, told }) : codeRewards(reward),
    limits: chosenLimits(),
    counter: chosenCounter(),
    openPool: (lanes) => openWorldPool({ lanes }),
    version: code.version,
    told: tell,
    manifest,
    base: runsFolder,
    clock,
  };
}

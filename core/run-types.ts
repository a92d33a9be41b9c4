import type {
  AttackStamp,
  CalibrationStamp,
  Fitness,
  FitnessName,
  JudgeIdentity,
  UnfitPolicy,
} from './calibration-types.ts';
import type { Aliasing } from './alias-types.ts';
import type { ConfinementLevel } from './confinement.ts';
import type { Distractors, ToolCount } from './distractor-types.ts';
import type { Execution } from './execution.ts';
import type { Criterion, FormulaName, RewardComponent, RewardName } from './reward-types.ts';
import type { RecordedServer } from './recorded-server.ts';
import type { RubricFile, RubricKind, RubricName } from './rubric-kinds.ts';
import type { PolicySession, Policy, Split, Tool, ViewName } from './types.ts';
import type { ViewModel } from './view-types.ts';

/* ---- learning ----------------------------------------------------------------------------------------------- */

/** One episode as a learner sees it; `session` is the policy's own record of its choices, opaque to everybody else. */
export interface LearningEpisode {
  readonly session: PolicySession;
  /** `null`: excluded (void, or unscorable). */
  readonly reward: number | null;
  /** Variance that errors of the judge give the reward; absent for code, which makes none. */
  readonly judgeVariance?: number;
  /** What the reward is the sum of, for learners that ask; absent where it is no sum, or not told. */
  readonly components?: readonly RewardComponent[];
  /** What each turn earned, for learners that tell turns apart; without it the whole reward is the last turn's. */
  readonly credits?: readonly number[];
  /**
   * A limit that is no part of the problem ended the episode: what would have followed still counts. Turn and context limits
   * of a task are part of it, and the end state has been paid for.
   */
  readonly truncated?: boolean;
}

/** The episodes of one task compared with each other. */
export interface LearningGroup {
  readonly task: string;
  readonly episodes: readonly LearningEpisode[];
}

export type UpdateMetrics = Readonly<Record<string, number>>;

/** Improves a policy in place from groups of episodes. */
export interface Learner {
  readonly name: string;
  readonly policy: Policy;
  /** Updates done so far; the policy's version. */
  readonly version: () => number;
  /** Wants credits: the rubric's criteria met so far, as a potential of this weight, with this discount of a turn. */
  readonly shaping?: { readonly gamma: number; readonly weight: number };
  /** Wants what a rubric's reward is the sum of. */
  readonly wantsComponents?: boolean;
  /** `progress` in 0..1 is the share of the episode budget already used, for schedules. */
  readonly update: (groups: readonly LearningGroup[], progress: number) => UpdateMetrics;
  /** Weights, optimiser and version; restoring it resumes to bit-identical weights. */
  readonly save: () => Uint8Array;
  readonly restore: (state: Uint8Array) => void;
}

/** What a job is measured on; each task `repeats` times, once where that is absent. */
export interface Evaluation {
  readonly split: Split;
  /** Tasks of the split that are left out, from its first on; absent: none. */
  readonly after?: number;
  readonly tasks: number;
  readonly repeats?: number;
  /** Tools that they are played among, in place of those of the run. */
  readonly tools?: ToolCount;
}

/* ---- runs --------------------------------------------------------------------------------------------------- */

export type TableName = 'rewards' | 'views' | 'algorithms' | 'trials' | 'growth';

/** How a job trains the embedded policy. Budgets are episodes, never seconds. */
export interface Training {
  readonly reward: RewardName;
  /** Whose verdicts make the rubric's reward; absent: code's. */
  readonly judge?: TrainingJudge;
  readonly algorithm: string;
  /** Episodes of the oracle that the policy imitates before the learner begins; they are in no other count. */
  readonly warmStart?: number;
  readonly episodes: number;
  /** Episodes per group (G) and groups per update. */
  readonly groupSize: number;
  readonly groupsPerUpdate: number;
  /** A point of the learning curve every so many episodes: greedy, on this many validation tasks. */
  readonly evaluateEvery: number;
  readonly validationTasks: number;
  /** End once so large a share of a point's tasks is solved; absent: the budget ends it. */
  readonly stopAt?: number;
  /** Order of tasks over the first half of the budget: by the length of the reference plan; absent: drawn. */
  readonly curriculum?: 'short-first';
  /** Task families that it is trained on; absent: all that the suite trains on. Its learning curve is over all of them. */
  readonly families?: readonly string[];
  /** Tools that it is played among, in place of those of the run. */
  readonly tools?: ToolCount;
  /** Every n-th update is recorded whole in the trajectories; the rest only feed the learner. */
  readonly recordEvery: number;
}

/** A judge that a training is rewarded by in place of code's word on the usual rubrics, and how far it must be known for fit. */
export interface TrainingJudge {
  /** As `toolstone judge --judge` names one. */
  readonly name: string;
  /** What it is asked; absent: as is usual for the suite. */
  readonly rubric?: RubricName;
  readonly formula: FormulaName;
  readonly thresholds: FitnessName;
  readonly unfit: UnfitPolicy;
  /** Records of `toolstone calibrate`, as the user named the file; absent: those that come with the judge. */
  readonly calibration?: string;
}

/** The unit of work and of resuming: one policy, perhaps trained, then evaluated greedily. */
export interface Job {
  /** e.g. `rubric-grpo-tool/seed-1`. */
  readonly name: string;
  /** Row label in each table the job belongs to. */
  readonly rows: Readonly<Partial<Record<TableName, string>>>;
  readonly seed: number;
  readonly policy: string;
  /** What tables call the policy, where the user gave it a name. */
  readonly label?: string;
  readonly view: ViewName;
  /** How tools are called; absent: by calls. */
  readonly execution?: Execution;
  readonly training: Training | null;
  /** Of a job whose policy is trained elsewhere: whose verdicts make the rubric's reward; absent: code's. */
  readonly judge?: TrainingJudge;
  readonly evaluations: readonly Evaluation[];
}

/** `manifest.json`: everything needed to repeat the run. No clock time, so that equal runs have equal bytes. */
export interface Manifest {
  readonly version: 1;
  readonly name: string;
  readonly command: string;
  readonly suite: string;
  /** `source`: `modules:` and the SHA-256 (hex) of the code of its episodes, which alone may go on with it; older ones lack the prefix. */
  readonly toolstone: {
    readonly version: string;
    readonly source: string;
    readonly commit: string;
    readonly dirty: boolean;
  };
  readonly node: string;
  readonly servers: Readonly<Record<string, RecordedServer>>;
  /** Servers of the suite that accepted no folder of the machine, and that no task needed; absent where there is none. */
  readonly withoutServers?: readonly string[];
  /** Servers that were offered beside those that tasks need; absent where there were none. */
  readonly distractors?: Distractors;
  /** Other names for what tasks are offered; absent where everything goes by its own. */
  readonly aliases?: Aliasing;
  /** Toolspaces of the sizes that jobs name, each `asked` for as in its jobs; absent where they name none. */
  readonly sizes?: readonly Distractors[];
  /** How servers were confined when the run began, and which of a user's own were not; absent in runs of older versions. */
  readonly confinement?: { readonly level: ConfinementLevel; readonly unconfined: readonly string[] };
  readonly limits: Limits;
  /** Those of the limits that the user gave, which go before what a task asks for; absent where none were given. */
  readonly givenLimits?: Partial<Limits>;
  /** Whose tokens are counted; absent: Qwen3's, by its own template. */
  readonly tokens?: TokenSource;
  readonly rubricFormula: string;
  /** Models that views ask; absent where they ask none. */
  readonly viewModels?: readonly ViewModel[];
  /** Criteria with their weights by task id, or by family where tasks share them; `core/task-id.ts` finds those of a task. */
  readonly rubrics?: Readonly<Record<string, readonly Criterion[]>>;
  /** The judge whose verdicts episodes have as they end; absent in runs of older versions. */
  readonly judge?: JudgeIdentity;
  /** Tools as policies met them, and which of them tasks need; of own tasks alone. */
  readonly toolspace?: RecordedToolspace;
  /**
   * Task id → `SERVER.TOOL` of its reference plan's calls, in their order, of the tasks that policies are measured on; a task of a
   * user's own without a plan is not among them. Absent in runs of older versions.
   */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** Judges other than code that policies are rewarded by; absent where there is none. */
  readonly rewardJudges?: readonly RewardJudge[];
  /** Present where the verdicts are those of `toolstone judge`, not of the code that made the episodes. */
  readonly rejudged?: Rejudged;
  readonly jobs: readonly Job[];
}

/** What tables by tool need to know beside the episodes. */
export interface RecordedToolspace {
  /** `tokens`: of what views show of the tool, counted as the run counts. */
  readonly tools: readonly (Tool & { readonly tokens: number })[];
  /** Task id → `SERVER.TOOL` of its plan's calls, and of those that its checks look for. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
}

/** Who judged an earlier run's episodes anew, and how. Truth and the other rewards are the earlier run's. */
export interface Rejudged extends JudgeInUse {
  /** Name of the earlier run, and SHA-256 (hex) of its trajectories. */
  readonly run: string;
  readonly trajectories: string;
}

/** A judge that trainings of a run are rewarded by: as it was asked for, and what is known of it. */
export interface RewardJudge extends JudgeInUse {
  readonly asked: TrainingJudge;
}

/** A judge whose verdicts a run holds. */
export interface JudgeInUse {
  readonly judge: JudgeIdentity;
  readonly rubric: RubricKind | RubricFile;
  readonly formula: FormulaName;
  /** How far the judge agrees with labels; `null`: nobody has said. */
  readonly calibration: CalibrationStamp | null;
  /** How often attacks get through, as the user has measured; absent: what comes with Toolstone holds. */
  readonly attacks?: AttackStamp;
  /** Criteria that were refused or down-weighted; `null`: none was. */
  readonly fitness: Fitness | null;
}

/** Whose tokens a run counts, where they are not Qwen3's. */
export interface TokenSource {
  /** As the user named it: a folder, a GGUF file or a `tokenizer.json`. */
  readonly tokenizer: string;
  /** Whose template writes the prompts. By Qwen3's the counts are near the model's own, no more. */
  readonly template: 'own' | 'qwen3';
  /** SHA-256 (hex) of what decides the counts. */
  readonly hash: string;
}

/** Limits of an episode. */
export interface Limits {
  /** Longest rendered prompt, in tokens. A result is cut as it is appended; a prompt beyond it truncates the episode. */
  readonly contextTokens: number;
  /** Longest tool result kept, in tokens. */
  readonly resultTokens: number;
}

/** One line of `learning.jsonl`: a learner's metrics after one update. */
export interface LearningPoint {
  readonly job: string;
  readonly update: number;
  /** Training episodes done so far. */
  readonly episodes: number;
  /** Mean of each reward and of verified success over this update's training episodes, and learner metrics. */
  readonly metrics: UpdateMetrics;
}

/** One line of `timings.jsonl`; the only place for clock time. */
export interface Timing {
  readonly job: string;
  /** `start-up`, `train`, or the evaluated phase. */
  readonly phase: string;
  readonly episodes: number;
  readonly seconds: number;
  /** What a judge that costs calls has cost in these seconds. */
  readonly judge?: JudgeCalls;
}

/** Calls of a judge's model, those that its cache answered, and tokens of the former as the endpoint counts them, else 0. */
export interface JudgeCalls {
  readonly calls: number;
  readonly cachedCalls: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Sizes of an experiment that the command line may change. */
export interface ExperimentOptions {
  readonly seeds: number;
  /** Trainings that another run has: seeds are counted on from there. */
  readonly seedsBefore?: number;
  readonly episodes: number;
  readonly view: ViewName;
  /** Rewards to compare; the experiment's own where undefined. */
  readonly rewards?: readonly RewardName[];
  /** Where to measure, for grids that leave it open. */
  readonly split?: Split;
  /** What the suite has: grids measure on no other. */
  readonly splits?: readonly Split[];
  /** Families that the suite trains on. */
  readonly families?: readonly string[];
  /** Judge to reward with, for an experiment that compares one of the user's own. */
  readonly judge?: string;
}

/** A named grid of jobs with its default sizes; one file in `commands/experiments/`. */
export interface Experiment {
  readonly name: string;
  readonly summary: string;
  readonly defaults: ExperimentOptions;
  /** Compares a judge that the user may name. */
  readonly takesJudge?: true;
  /** Its arms are compared on equal terms, so that `--tune` finds the settings of each. */
  readonly isTuned?: true;
  /** Limits of its episodes, in place of the usual ones; those that the user gave go before. */
  readonly limits?: Partial<Limits>;
  readonly jobs: (options: ExperimentOptions) => readonly Job[];
}

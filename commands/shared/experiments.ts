import { UsageError } from '../../core/errors.ts';
import { listIn } from '../../core/list.ts';
import { chooseCounting, chosenCounting } from '../../core/run/chosen.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { Experiment, ExperimentOptions } from '../../core/run-types.ts';
import { choicesOf } from '../../suites/tasks/choices.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { onlyRows } from './jobs.ts';
import { runAndReport, type RunOptions } from './run-and-report.ts';

/** What a user may change of an experiment. */
export interface ExperimentChoices {
  readonly seeds?: number;
  /** Trainings that another run has: seeds are counted on from there. */
  readonly seedsBefore?: number;
  readonly episodes?: number;
  readonly view?: string;
  readonly reward?: RewardName;
  readonly judge?: string | undefined;
  /** Only the jobs of these rows of the tables. */
  readonly rows?: readonly string[];
}

/** Runs an experiment and reports on it. Returns the run's folder. Throws `UsageError`, `Interrupted`. */
export async function runExperiment(
  command: string,
  name: string,
  options: RunOptions & ExperimentChoices,
): Promise<string> {
  const { experiment, jobs } = await planned(name, options);
  chooseLimitsOf(experiment);
  return runAndReport(command, command === name ? name : `${command}-${name}`, jobs, options);
}

/** From now on episodes of this thread have the limits of the experiment, but for those that the user gave. */
export function chooseLimitsOf({ limits = {} }: Experiment): void {
  const counting = chosenCounting();
  chooseCounting({ ...counting, limits: { ...limits, ...counting.limits } });
}

/** An experiment with the jobs that it would run. Throws `UsageError`. */
export async function planned(name: string, options: Pick<RunOptions, 'suite'> & ExperimentChoices) {
  const experiments = listIn<Experiment>(new URL('../experiments/', import.meta.url), 'experiment');
  const experiment = await experiments.load(name);
  const suite = await suiteNamed(options.suite);
  const jobs = experiment.jobs({ ...sizesOf(experiment, options), ...choicesOf(suite) });
  return { experiment, suite, jobs: onlyRows(jobs, options.rows) };
}

/** An experiment's sizes, with the user's in place of its own. Throws `UsageError` on a judge that it would not ask. */
function sizesOf(
  { name, defaults, takesJudge }: Experiment,
  { seeds, seedsBefore, episodes, view, reward, judge }: ExperimentChoices,
): ExperimentOptions {
  if (judge !== undefined && !takesJudge)
    throw new UsageError(
      `The experiment ${name} takes no judge: leave out --judge ${judge}, or run the experiment language-judge.`,
    );
  return {
    ...defaults,
    ...(seeds === undefined ? {} : { seeds }),
    ...(seedsBefore === undefined ? {} : { seedsBefore }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(view === undefined ? {} : { view }),
    ...(reward === undefined ? {} : { rewards: [reward] }),
    ...(judge === undefined ? {} : { judge }),
  };
}

import { Option } from '@commander-js/extra-typings';
import { policyHelp } from '../baselines/policy-list.ts';
import { UsageError } from '../core/errors.ts';
import type { Job } from '../core/run-types.ts';
import { splits } from '../core/splits.ts';
import type { Split, Suite } from '../core/types.ts';
import { addCountingFlags } from './shared/counting-flags.ts';
import { addAliasFlags, addDistractorFlags } from './shared/distractor-flags.ts';
import { addOwnServerFlags } from './shared/own-server-flags.ts';
import { addServerFlags, addWireFlag, ceilingsOf, withCeilings } from './shared/server-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { shareOfOne, wholeNumber } from './shared/flag-values.ts';
import {
  allExecutions,
  allViews,
  batchOption,
  concurrencyOption,
  executionsIn,
  executionsOption,
  freshOption,
  limitOption,
  outOption,
  ownTasksOption,
  queueOption,
  splitHelp,
  suiteOption,
  taskOption,
  viewsIn,
  viewsOption,
  volatileOption,
} from './shared/flags.ts';
import { taskSource } from './shared/task-source.ts';

const run: CommandDefinition = {
  summary: 'measure one or several policies on a suite or on your own tasks, without training',
  define: async (command) => {
    addServerFlags(command);
    addCountingFlags(command);
    addDistractorFlags(command);
    addAliasFlags(command);
    addOwnServerFlags(command);
    addWireFlag(command);
    withCeilings(
      command
        .requiredOption(
          '--policy <name...>',
          `${await policyHelp()}; repeat the flag to compare several, and write LABEL=POLICY to name one`,
        )
        .addOption(suiteOption())
        .addOption(ownTasksOption())
        .addOption(taskOption())
        .addOption(viewsOption(['tool']))
        .addOption(executionsOption(['calls']))
        .addOption(new Option('--split <name...>', splitHelp).choices(splits))
        .addOption(limitOption('largest number of tasks per split'))
        .option('--no-preflight', "do not test each model's endpoint with one token before the first episode")
        .addOption(outOption())
        .addOption(freshOption())
        .addOption(concurrencyOption())
        .addOption(queueOption())
        .addOption(batchOption())
        .addOption(volatileOption())
        .option('--repeat <k>', 'play each task this many times, and report pass@k and pass^k', wholeNumber)
        .addOption(
          new Option('--fail-on <what>', 'exit with code 1 if a task is not solved in every repeat').choices(['task']),
        )
        .option('--min-success <share>', 'exit with code 1 if a policy solves a smaller share of a split', shareOfOne)
        .option('--junit <file>', 'write the result as JUnit XML, with a case for each policy, task and repeat')
        .option(
          '--json',
          'print the result as one JSON object on standard output, and everything else on standard error',
        )
        .option(
          '--quiet',
          'print only the result: the failed tasks, the closing table, the headline and where the report is, without progress and notes',
        ),
    ).action(async (options) => {
      const { suiteNamed } = await import('../suites/tasks/suite-list.ts');
      const { runToItsEnd } = await import('./shared/run-to-its-end.ts');
      const suite = taskSource(options, { isDivided: options.split !== undefined });
      const { name, jobs } = await policyRun(await suiteNamed(suite), options);
      await runToItsEnd(name, jobs, { ...options, suite, ceilings: ceilingsOf(options) });
    });
  },
};
export default run;

interface PolicyRunOptions {
  /** Each `POLICY`, or `LABEL=POLICY`. */
  readonly policy: readonly string[];
  /** Names of views, or `all`. */
  readonly view: readonly string[];
  /** Names of executions, or `all`. */
  readonly execution: readonly string[];
  readonly split?: readonly Split[];
  /** Tasks of a split at most. */
  readonly limit: number;
  /** Episodes of each. */
  readonly repeat?: number | undefined;
}

/**
 * Each policy in each view and execution on each split, in tables by its label where it has one. Throws `UsageError` where a label is no plain name or
 * two rows would be called the same.
 */
async function policyRun(
  suite: Suite,
  { policy: policies, view: asked, execution: askedExecutions, split, limit, repeat = 1 }: PolicyRunOptions,
): Promise<{ readonly name: string; readonly jobs: readonly Job[] }> {
  const { armLabel } = await import('../core/arm-label.ts');
  const { defaultSplit } = await import('../suites/tasks/samples.ts');
  const { fixedJob, slug } = await import('./shared/jobs.ts');
  // A file of one's own may hold fewer.
  const evaluations = [...new Set(split ?? [defaultSplit(suite)])].map((name) => ({
    split: name,
    tasks: suite.tasks(name, limit).length,
    ...(repeat > 1 ? { repeats: repeat } : {}),
  }));
  const [views, executions] = [viewsIn(asked), executionsIn(askedExecutions)];
  const labelled = policies.map(labelledPolicy);
  const names = labelled.map(({ label, policy }) => label ?? policy);
  const jobs = labelled.flatMap(({ label, policy }, index) =>
    views.flatMap((view) =>
      executions.map((execution) => {
        const row = names[index] as string;
        // Tables of policies would pool the views of one.
        const algorithms = armLabel(row, { view: views.length > 1 ? view : undefined, execution });
        const rows = { algorithms, views: armLabel(row, { view, execution }) };
        const job = fixedJob(row, view, rows, evaluations, 1, execution);
        return label === undefined ? job : { ...job, policy, label };
      }),
    ),
  );
  const twice = jobs.find(({ name }, index) => jobs.slice(0, index).some((before) => before.name === name));
  if (twice !== undefined) {
    throw new UsageError(
      `Two policies are called "${twice.label ?? twice.policy}", so that tables could not tell them apart. Give each a label of its own: --policy LABEL=POLICY.`,
    );
  }
  const joined = slug(names.join('-'));
  const shown = asked.includes(allViews) ? 'all-views' : slug(views.join('-'));
  const isCalls = executions.every((one) => one === 'calls');
  const by = isCalls ? [] : [askedExecutions.includes(allExecutions) ? 'all-executions' : executions.join('-')];
  const name = ['run', policies.length > 1 ? joined.slice(0, 80) : joined, shown, ...by].join('-');
  return { name, jobs };
}

/** `sft=llama:FILE.gguf?temperature=1` → `sft` and the rest. A policy's own "=" stands after a colon, slash or question mark. */
function labelledPolicy(text: string): { readonly policy: string; readonly label?: string } {
  const [, label, policy] = /^([^=:/?]*)=(.*)$/s.exec(text) ?? [];
  if (label === undefined || policy === undefined) return { policy: text };
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(label)) return { policy, label };
  throw new UsageError(
    `The label "${label}" of --policy ${text} is no plain name. Give letters, digits, ".", "_" and "-", at most 64, the first a letter or digit.`,
  );
}

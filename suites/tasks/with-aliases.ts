import { vocabularies, type AliasDraw, type Aliasing, type VocabularyName } from '../../core/alias-types.ts';
import { namesInText } from '../../core/aliases/named-in-text.ts';
import { withTexts, type Translation } from '../../core/aliases/translation.ts';
import { UsageError } from '../../core/errors.ts';
import type { Check, Goal } from '../../core/goal-types.ts';
import type { Reference } from '../../core/plan.ts';
import type { Rubric } from '../../core/reward-types.ts';
import { seedOf } from '../../core/seeds.ts';
import { taskIdParts } from '../../core/task-id.ts';
import type { Suite, Task } from '../../core/types.ts';
import { aliasedToolspace } from '../../envs/aliases/aliased-toolspace.ts';
import { heldOutOf } from '../../envs/aliases/held-out.ts';
import { refuseHeldOut } from '../../envs/aliases/paraphrases.ts';
import { vocabularyHash } from '../../envs/aliases/vocabulary.ts';
import { planRubric } from '../../judges/rubric/criteria.ts';
import { describeGoal } from '../../judges/truth/goal.ts';

/**
 * The same suite, each task of which (or all tasks of a number) has names of its own for servers, tools and parameters: drawn by the task's
 * id, so that every policy, view, reward, repetition and member of a group meets the same. Prompt, plan, answer and rubric say them, too;
 * start, expected end and evidence are by real names. Throws `UsageError` where a held-out server cannot be asked, a given description is
 * held out, tasks say which server they mean or have no number, or names were drawn from other words.
 */
export function withAliases(suite: Suite, aliasing: Aliasing | undefined): Suite {
  if (!aliasing) return suite;
  if (suite.namesItsServers)
    throw new UsageError(
      `The tasks of suite ${suite.name} tell by names and summaries of servers which one they mean, so that those cannot go by others. ` +
        'Choose another suite, or leave out --alias.',
    );
  if (aliasing.vocabulary !== vocabularyHash)
    throw new UsageError(
      'The names of this run were drawn from other words than those of this Toolstone, so that its tasks are unknown. Use the toolstone that made the run.',
    );
  const heldOutServers = suite.heldOutServers.filter((name) => !suite.servers.includes(name));
  if (aliasing.paraphrases) refuseHeldOut(aliasing.paraphrases, heldOutOf({ heldOutServers }));
  const { share, seed, per, paraphrases } = aliasing;
  if (per && suite.isOwn)
    throw new UsageError(
      'Tasks of your own have names and no numbers that tasks of other families share. Leave out per=number of --alias.',
    );
  return {
    ...suite,
    aliases: { aliasing, real: suite },
    tasks: (...asked) =>
      suite.tasks(...asked).map((task) =>
        aliasedTask(task, {
          share,
          seed: seedOf('aliases', seed, ...(per ? [task.split, taskIdParts(task.id).number] : [task.id])),
          vocabulary: vocabularyOf(task),
          heldOutServers,
          ...(paraphrases ? { paraphrases } : {}),
        }),
      ),
  };
}

/** All that policies are measured on share one vocabulary, which none of them has met. */
const vocabularyOf = ({ split }: Task): VocabularyName => vocabularies.find((name) => name === split) ?? 'test';

/** Made where it is asked for: trainings ask for thousands of tasks at once, and most of them need nobody's plan. */
function aliasedTask(task: Task, aliases: AliasDraw): Task {
  const translation = () => aliasedToolspace(task.world.servers, aliases).translation;
  const said = once(() => {
    const { names, swapFolders } = translation();
    const inNames = namesInText(names);
    return (text: string) => swapFolders(inNames(text));
  });
  const plan = once(() => task.plan.map(translation().aliasedCall));
  const goal = once(() => aliasedGoal(task.goal, translation()));
  // Facts of an end state are by real names, and checks are named by their users.
  const changes = () => {
    const described = describeGoal(task.initial, goal());
    return task.goal.kind === 'state' ? described : described.map(said());
  };
  const parts = {
    prompt: once(() => said()(task.prompt)),
    plan,
    goal,
    answer: once(() => translation().swapFolders(task.answer)),
    references: once(() => task.references?.map((one) => aliasedReference(one, task, translation()))),
    messages: once(() =>
      task.messages?.map((one) => ({ ...one, text: said()(one.text), answer: translation().swapFolders(one.answer) })),
    ),
    rubric: once(() => (task.rubric.form === 'atlas' ? planRubric(plan(), changes()) : inWords(task.rubric, said()))),
  };
  const made = Object.entries(parts).filter(([name]) => name in task);
  // By descriptors, since parts that are made where they are asked for are not to be asked here.
  return Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(task),
      ...Object.fromEntries(made.map(([name, get]) => [name, { get, enumerable: true }])),
      world: { value: { ...task.world, aliases }, enumerable: true },
    },
  ) as Task;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const inWords = (rubric: Rubric, said: (text: string) => string): Rubric => ({
  ...rubric,
  criteria: rubric.criteria.map((one) => ({ ...one, description: said(one.description) })),
});

/** What is looked for in calls and answers goes by aliases, as those do; what is looked for in the world stays. */
function aliasedGoal(goal: Goal, translation: Translation): Goal {
  const { aliasedCall, swapFolders } = translation;
  if (goal.kind === 'state') return { ...goal, answer: withTexts(goal.answer, swapFolders) };
  const aliased = (check: Check): Check => {
    if (check.kind === 'answer') return { ...check, test: withTexts(check.test, swapFolders) };
    return check.kind === 'call' ? aliasedCall(check) : check;
  };
  return { ...goal, checks: goal.checks.map(aliased) };
}

/** Where a value of an aliased plan stands in an aliased result. */
function aliasedReference(reference: Reference, { plan }: Task, translation: Translation): Reference {
  const [parameter, ...deeper] = reference.argument;
  const call = plan[reference.call];
  if (!call || typeof parameter !== 'string') return withTexts(reference, translation.swapFolders);
  const [renamed = parameter] = Object.keys(
    translation.aliasedCall({ ...call, arguments: { [parameter]: null } }).arguments,
  );
  return { ...withTexts(reference, translation.swapFolders), argument: [renamed, ...deeper] };
}

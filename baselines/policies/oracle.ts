import { UsageError } from '../../core/errors.ts';
import { RUN_PROGRAM } from '../../core/execution.ts';
import type { PlannedCall } from '../../core/plan.ts';
import { hasSolution } from '../../core/solution.ts';
import type { Action, Decision, MetaTool, Policy, Task } from '../../core/types.ts';
import type { PlannedSession } from '../planned-session.ts';
import type { PolicyDefinition } from '../policy-definition.ts';
import { planProgram } from '../programs/plan-program.ts';

export default {
  usage: 'oracle',
  open: ({ job, suite }) => {
    const tasks = () => job.evaluations.flatMap(({ split, tasks: count }) => suite.tasks(split, count));
    if (suite.isOwn) refuseWithoutPlan(tasks());
    return oracleOver(tasks);
  },
} satisfies PolicyDefinition;

/** Throws `UsageError`: whoever does nothing for want of a plan is no ceiling. */
function refuseWithoutPlan(tasks: readonly Task[]): void {
  const without = tasks.filter((task) => !hasSolution(task)).map(({ id }) => id.slice(id.lastIndexOf('/') + 1));
  if (without.length === 0) return;
  const more = without.length > 5 ? ` and ${without.length - 5} more` : '';
  throw new UsageError(
    `The oracle carries out plans, and ${without.length} of ${tasks.length} tasks have none: ${without.slice(0, 5).join(', ')}${more}. ` +
      'Give them a plan (docs/own-tasks.md), or run another policy.',
  );
}

/** The oracle over tasks that are made when they are first needed; of another task it knows nothing to do. */
export function oracleOver(tasks: () => readonly Task[]): Policy {
  let solutions: ReadonlyMap<string, Task> | undefined;
  return oracle((taskId) => {
    solutions ??= new Map(tasks().map((task) => [task.id, task]));
    return solutions.get(taskId) ?? { plan: [], answer: '' };
  });
}

/** What a task gives away to the oracle. */
export type Solution = Pick<Task, 'plan' | 'answer' | 'messages' | 'references'>;

/**
 * Carries out the reference plan: loads what the view asks for just before it is needed, calls, finishes each message with its
 * answer. Where it may write programs, those calls of a message that are several become one, which takes from earlier results what the
 * task says to stand there.
 */
export function oracle(solutionOf: (taskId: string) => Solution): Policy {
  return {
    name: 'oracle',
    start: ({ taskId, metaTools, execution = 'calls', visible }): PlannedSession => {
      const [mayProgram, mayCall] = [execution !== 'calls', execution !== 'programs'];
      const { plan, answer, messages = [{ plannedCalls: plan.length, answer }], references = [] } = solutionOf(taskId);
      let [next, message, end] = [0, 0, messages[0]?.plannedCalls ?? 0];
      let kept: ReadonlySet<number> = new Set();
      const isLoaded = ({ server, tool }: PlannedCall) =>
        visible.loaded.some((known) => known.server === server && known.name === tool);
      return {
        act: (): Decision => {
          const call = plan[next];
          if (!call || next === end) {
            const said = messages[message]?.answer ?? '';
            end += messages[++message]?.plannedCalls ?? 0;
            return one({ name: 'finish', arguments: said === '' ? {} : { answer: said } });
          }
          const stretch = mayProgram ? plan.slice(next, Math.min(end, next + mostCallsOfProgram)) : [call];
          const loading = load(
            metaTools,
            stretch.filter((planned) => !isLoaded(planned)),
          );
          if (loading) return one(loading);
          const first = next;
          next += stretch.length;
          if (mayProgram && !(mayCall && stretch.length === 1)) {
            const program = planProgram({ plan, first, end: next, references, kept, visible });
            ({ kept } = program);
            return one({ name: RUN_PROGRAM, arguments: { code: program.code } });
          }
          const { server, tool } = call;
          return one({ name: 'call_tool', arguments: { server, tool, arguments: call.arguments } });
        },
        lastCall: () => ({ place: next - 1, references: references.filter((taken) => taken.call === next - 1) }),
      };
    },
  };
}

/** Fewer than a program may make. */
const mostCallsOfProgram = 100;

const one = (action: Action): Decision => ({ calls: [{ action }] });

/**
 * The load that the view has for what is missing of the first server, or a search for the first tool; none where nothing is missing, or
 * all are there from the start.
 */
function load(metaTools: readonly MetaTool[], missing: readonly PlannedCall[]): Action | undefined {
  const [first] = missing;
  if (!first) return undefined;
  const { server, tool } = first;
  const tools = missing.filter((planned) => planned.server === server).map((planned) => planned.tool);
  const loads: readonly Action[] = [
    { name: 'load_server', arguments: { server } },
    { name: 'load_tools', arguments: { server, tools: [...new Set(tools)] } },
    { name: 'search_tools', arguments: { query: `${server} ${tool}`, limit: 1 } },
  ];
  return loads.find((action) => metaTools.some(({ name }) => name === action.name));
}

import { identifiersOf, RUN_PROGRAM, type Execution } from '../../core/execution.ts';
import type { JsonObject } from '../../core/json.ts';
import { seedOf } from '../../core/seeds.ts';
import type { MetaTool, OpenView, Toolspace, View } from '../../core/types.ts';
import { argumentFaults } from '../argument-check.ts';
import { refuse } from '../view-parts/view.ts';
import { programRun } from './program-run.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';
import { programWords, runProgram, withProgramsAlone } from './words.ts';

/**
 * A view whose tools are called in this way: by the calls of the policy, by programs in place of these, or by either. What the view
 * shows, loads and refuses stays its own: a program's calls go through it.
 */
export function withExecution(openView: OpenView, execution: Execution = 'calls'): OpenView {
  if (execution === 'calls') return openView;
  return (world, options) => {
    const view = openView(world, options);
    const metaTools = metaToolsOf(view.metaTools, execution);
    const servers = identifiersOf(world.toolspace.servers.map(({ name }) => name));
    const { signal = new AbortController().signal, seed = 0 } = options;
    let sandbox: Sandbox | undefined;
    const open = () => (sandbox ??= openSandbox({ seed: seedOf('program', seed), servers: [...servers.values()] }));
    // Made ready while the policy still thinks about its first turn.
    open();
    const run = programRun({ view, world, servers, sandbox: open, signal });
    return {
      ...view,
      execution,
      metaTools,
      system: systemOf(view, world.toolspace, execution),
      act: async (action) => {
        if (action.name !== RUN_PROGRAM && metaTools.some(({ name }) => name === action.name)) return view.act(action);
        if (action.name !== RUN_PROGRAM)
          return refuse(
            `There is no function "${action.name}". Use one of: ${metaTools.map(({ name }) => name).join(', ')}.`,
          );
        const faults = isObject(action.arguments)
          ? argumentFaults(runProgram.inputSchema, action.arguments)
          : 'arguments must be an object';
        if (faults !== undefined) return refuse(`${RUN_PROGRAM} was not understood: ${faults}.`);
        return run(action.arguments['code'] as string);
      },
      close: () => {
        view.close?.();
        sandbox?.close();
      },
    };
  };
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Programs = Exclude<Execution, 'calls'>;

/** The same list for the same view, since counts of tokens are kept by it. */
const lists = new WeakMap<readonly MetaTool[], Partial<Record<Programs, readonly MetaTool[]>>>();

function metaToolsOf(own: readonly MetaTool[], execution: Programs): readonly MetaTool[] {
  const known = lists.get(own) ?? {};
  lists.set(own, known);
  return (known[execution] ??= own.flatMap((one) => {
    if (one.name !== 'call_tool') return [one];
    return execution === 'programs' ? [runProgram] : [one, runProgram];
  }));
}

/** What stands there of a toolspace is long, and the same episode after episode. */
const systems = new WeakMap<Toolspace, Map<string, string>>();

function systemOf({ name, system }: View, toolspace: Toolspace, execution: Programs): string {
  const known = systems.get(toolspace) ?? new Map<string, string>();
  systems.set(toolspace, known);
  const key = `${name} ${execution} ${system.length}`;
  let text = known.get(key);
  if (text === undefined) {
    const servers = identifiersOf(toolspace.servers.map((server) => server.name));
    const renamed = new Map([...servers].filter(([server, identifier]) => server !== identifier));
    const own = execution === 'programs' ? withProgramsAlone(system) : system;
    known.set(key, (text = `${own}\n${programWords(execution, renamed)}`));
  }
  return text;
}

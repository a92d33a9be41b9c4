import { RUN_PROGRAM, type Execution } from '../../core/execution.ts';
import { identifierOf, identifiersOf, withoutOddCharacters } from '../../core/identifiers.ts';
import { isJsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/near-names.ts';
import { seedOf } from '../../core/seeds.ts';
import type { Action, MetaTool, OpenView, View, ViewReply, World } from '../../core/types.ts';
import { argumentFaults } from '../argument-check.ts';
import { resultShapeOf } from '../result-shapes/result-shapes.ts';
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
    // Direct calls need the names of servers and tools as they are, and so the schemas.
    const view = openView(world, { ...options, declaresTools: execution === 'programs' });
    const metaTools = metaToolsOf(view, execution);
    const servers = identifiersOf(world.toolspace.servers.map(({ name }) => name));
    const { signal = new AbortController().signal, seed = 0 } = options;
    let sandbox: Sandbox | undefined;
    const open = () => (sandbox ??= openSandbox({ seed: seedOf('program', seed), servers: [...servers.values()] }));
    // Made ready while the policy still thinks about its first turn.
    open();
    const run = programRun({ view, world, servers, sandbox: open, signal });
    const refusal = refusalOf({ view, world, metaTools, servers, execution });
    return {
      ...view,
      execution,
      metaTools,
      system: systemOf(view, servers, execution),
      visible: {
        ...view.visible,
        inProgram: (server) => servers.get(server) ?? identifierOf(server),
        ...(execution === 'programs' && !view.functions ? { resultShape: resultShapeOf } : {}),
      },
      act: async (action) => {
        if (action.name !== RUN_PROGRAM) return refusal(action) ?? view.act(action);
        const faults = isJsonObject(action.arguments)
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

type Programs = Exclude<Execution, 'calls'>;

interface RefusalOptions {
  readonly view: View;
  readonly world: World;
  readonly metaTools: readonly MetaTool[];
  /** Servers by their names, as programs call them. */
  readonly servers: ReadonlyMap<string, string>;
  readonly execution: Programs;
}

/** Refuses what is not offered, and calls of tools where programs alone may call. */
function refusalOf({ view: { functions }, world, metaTools, servers, execution }: RefusalOptions) {
  const offered = metaTools.map(({ name }) => name);
  return (action: Action): ViewReply | undefined => {
    const meant = functions?.meant(action) ?? action;
    if (functions && execution === 'programs' && meant !== action) {
      const { server, tool } = meant.arguments as { readonly server: string; readonly tool: string };
      const ofServer = world.toolspace.tools.flatMap((one) => (one.server === server ? [one.name] : []));
      const inProgram = `${servers.get(server)}.${identifiersOf(ofServer).get(tool)}`;
      return refuse(
        `Tools are called by programs alone. Call ${RUN_PROGRAM}: in a program ${action.name} is ${inProgram}.`,
        server,
        [tool],
      );
    }
    if (offered.includes(action.name)) return undefined;
    const cure = functions ? didYouMean(action.name, offered) : ` Use one of: ${offered.join(', ')}.`;
    return refuse(`There is no function "${action.name}".${cure}`);
  };
}

/** The same list for the same view, since counts of tokens are kept by it. */
const lists = new WeakMap<readonly MetaTool[], Partial<Record<Programs, readonly MetaTool[]>>>();

function metaToolsOf({ metaTools: own, functions }: View, execution: Programs): readonly MetaTool[] {
  const known = lists.get(own) ?? {};
  lists.set(own, known);
  return (known[execution] ??= own.flatMap((one) => {
    // The functions of tools are their schemas: they are there whatever calls the tools.
    if (functions && one.name === 'finish') return [runProgram, one];
    if (one.name !== 'call_tool') return [one];
    return execution === 'programs' ? [runProgram] : [one, runProgram];
  }));
}

/**
 * What the view says, and how programs are written. The prompt names no server that the view does not show in it, but for those
 * whose identifier nobody could tell from their name.
 */
function systemOf(
  { system, visible, functions }: View,
  servers: ReadonlyMap<string, string>,
  execution: Programs,
): string {
  const shown = new Set(visible.servers.map(({ name }) => name));
  const renamed = new Map(
    [...servers].filter(([server, identifier]) =>
      shown.has(server) ? server !== identifier : withoutOddCharacters(server) !== identifier,
    ),
  );
  const own = execution === 'programs' ? withProgramsAlone(system) : system;
  return `${own}\n${programWords({ execution, renamed, hasFunctions: functions !== undefined })}`;
}

import type { Json, JsonObject } from '../../core/json.ts';
import type { Action, MetaTool, OpenView, View, ViewReply } from '../../core/types.ts';
import type { Tool, Toolspace, ToolResult, ViewEvent, ViewName } from '../../core/types.ts';
import { argumentFaults, valueFaults } from '../argument-check.ts';
import { markLoaded, takeChanges } from './tool-changes.ts';
import { schemaText, toolIndex } from './tool-index.ts';
import type { ViewContext } from './view-context.ts';

/** Where views differ; calling and finishing are the same in all. */
export interface ViewDesign {
  readonly name: ViewName;
  readonly metaTools: readonly MetaTool[];
  /** Made once per toolspace: the same episode after episode. */
  readonly system: (toolspace: Toolspace, toolNamesUpFront: boolean) => string;
  readonly schemas?: (context: ViewContext) => View['schemas'];
  /** Puts into the context what the system prompt shows. */
  readonly begin: (context: ViewContext, toolNamesUpFront: boolean) => void;
  /** The view's own meta-tools, by name. */
  readonly acts: Readonly<Record<string, (context: ViewContext, args: JsonObject) => ViewReply>>;
  /** Loads nothing: schemas that come in mid-episode stand in the result with which they come. */
  readonly showsAll?: true;
  /** Advice to a policy that calls a tool whose schema it has not loaded. */
  readonly advice: (server: string, tool: string) => string;
}

/** Makes the `OpenView` function of a design. */
export function viewOf(design: ViewDesign): OpenView {
  const systems = { named: new WeakMap<Toolspace, string>(), short: new WeakMap<Toolspace, string>() };
  const systemOf = (toolspace: Toolspace, toolNamesUpFront: boolean): string => {
    const cache = toolNamesUpFront ? systems.named : systems.short;
    let system = cache.get(toolspace);
    if (system === undefined) {
      const instructions = toolIndex(toolspace).instructions.map(({ text }) => text);
      cache.set(toolspace, (system = [design.system(toolspace, toolNamesUpFront), ...instructions].join('\n')));
    }
    return system;
  };
  return (world, { toolNamesUpFront }) => {
    const index = toolIndex(world.toolspace);
    const context: ViewContext = {
      world,
      index,
      loaded: [],
      isLoaded: new Set(),
      names: new Map(),
      removed: new Set(),
    };
    design.begin(context, toolNamesUpFront);
    const { names, loaded } = context;
    return {
      name: design.name,
      metaTools: design.metaTools,
      system: systemOf(world.toolspace, toolNamesUpFront),
      schemas: [...(design.schemas?.(context) ?? []), ...index.instructions],
      visible: { servers: world.toolspace.servers, names, loaded },
      act: async (action) => act(design, context, action),
    };
  };
}

async function act(design: ViewDesign, context: ViewContext, action: Action): Promise<ViewReply> {
  const metaTool = design.metaTools.find(({ name }) => name === action.name);
  if (!metaTool) {
    const names = design.metaTools.map(({ name }) => name).join(', ');
    return refuse(`There is no function "${action.name}". Use one of: ${names}.`);
  }
  const args = asObject(action.arguments);
  const faults = args ? argumentFaults(metaTool.inputSchema, args) : 'arguments must be an object';
  if (!args || faults !== undefined) return refuse(`${action.name} was not understood: ${faults}.`);
  if (action.name === 'finish') return finished(typeof args['answer'] === 'string' ? args['answer'] : '');
  if (action.name === 'call_tool') return callTool(design, context, args);
  const actOf = design.acts[action.name];
  return actOf ? actOf(context, args) : refuse(`There is no function "${action.name}".`);
}

async function callTool(design: ViewDesign, context: ViewContext, args: JsonObject): Promise<ViewReply> {
  const [server, name] = [args['server'] as string, args['tool'] as string];
  const serverTools = context.index.tools.get(server);
  if (!serverTools) return unknownServer(context, server);
  const tool = serverTools.get(name);
  if (!tool) return refuse(`${missing(context, server, name)}.`, server, [name]);
  if (!context.isLoaded.has(tool)) return refuse(design.advice(server, name), server, [name]);
  const toolArguments = args['arguments'] as JsonObject;
  const faults = argumentFaults(tool.inputSchema, toolArguments);
  if (faults !== undefined) return refuse(`${name} was not called: ${faults}.`, server, [name]);
  const result = await context.world.call(server, name, toolArguments);
  const { text, isError, notice, tools, media } = result;
  const changes = tools && takeChanges(context, server, tools, design.showsAll === true);
  // In front, where no budget cuts them off.
  const notes = [outputNote(tool, result), notice, changes?.words].filter((note) => note !== undefined).join('\n');
  const { schemas = '' } = changes ?? {};
  const front = notes === '' ? '' : `${notes}${schemas}\n`;
  const schemaSpan = [notes.length, notes.length + schemas.length] as const;
  return {
    observation: {
      text: front + (text === '' ? '(no text)' : text),
      isError,
      source: 'results',
      server,
      cutTokens: 0,
      ...(schemas === '' ? {} : { schemaSpan }),
    },
    event: { kind: 'called', server, tools: [name] },
    result,
    ...(media ? { media } : {}),
  };
}

/** What a tool's result is not, by the tool's own word. */
function outputNote({ outputSchema }: Tool, { structured, isError }: ToolResult): string | undefined {
  if (!outputSchema || structured === undefined || isError) return undefined;
  const faults = valueFaults(outputSchema, JSON.parse(structured) as Json, 'the result');
  return faults === undefined ? undefined : `[By the tool's outputSchema this result is wrong: ${faults}.]`;
}

/** Says of a tool that is not there whether it was. */
export const missing = ({ removed }: ViewContext, server: string, name: string): string =>
  `Server ${server} ${removed.has(`${server}\n${name}`) ? 'no longer has the' : 'has no'} tool "${name}"`;

function finished(answer: string): ViewReply {
  return { ...reply('Finished.', 'finished', '', []), finished: { answer } };
}

/* ---- for the views' own meta-tools ---- */

/** A plain answer of the view. */
export function reply(text: string, kind: ViewEvent['kind'], server: string, tools: readonly string[]): ViewReply {
  const isError = kind === 'refused';
  const source = kind === 'loaded' ? 'schemas' : 'history';
  return { observation: { text, isError, source, server, cutTokens: 0 }, event: { kind, server, tools } };
}

/** An action that had no effect; it is counted. */
export function refuse(text: string, server = '', tools: readonly string[] = []): ViewReply {
  return reply(text, 'refused', server, tools);
}

export function unknownServer(context: ViewContext, server: string): ViewReply {
  return refuse(`There is no server "${server}". Servers: ${[...context.index.tools.keys()].join(', ')}.`);
}

/** Puts tools into the context; answers with their schemas, one a line. */
export function load(context: ViewContext, server: string, tools: readonly Tool[]): ViewReply {
  for (const tool of tools) markLoaded(context, tool);
  return reply(
    tools.map(schemaText).join('\n'),
    'loaded',
    server,
    tools.map(({ name }) => name),
  );
}

function asObject(value: Json): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/near-names.ts';
import { noSettings, settingsText, type KnownSettings, type Setting } from '../../core/settings.ts';
import type { Action, MetaTool, OpenView, ServerCard, View, ViewReply } from '../../core/types.ts';
import type { Tool, Toolspace, ToolResult, ViewName } from '../../core/types.ts';
import type { ViewEvent } from '../../core/view-types.ts';
import { argumentFaults, valueFaults } from '../argument-check.ts';
import { callTool as callToolFunction } from './meta-tools.ts';
import { markLoaded, takeChanges, type FreshTools } from './tool-changes.ts';
import type { ToolFunctions } from './tool-functions.ts';
import { inDeclarations, inSchemas, type ToolForm } from './tool-form.ts';
import { toolIndex } from './tool-index.ts';
import type { ViewContext } from './view-context.ts';

/** Where views differ; calling and finishing are the same in all. */
export interface ViewDesign {
  readonly metaTools: readonly MetaTool[];
  /** Made once per toolspace: the same episode after episode. */
  readonly system: (toolspace: Toolspace, toolNamesUpFront: boolean, form: ToolForm) => string;
  readonly schemas?: (context: ViewContext) => View['schemas'];
  /** Servers that the system prompt shows; absent: all. */
  readonly firstServers?: (toolspace: Toolspace) => readonly ServerCard[];
  /** Puts into the context what the system prompt shows. */
  readonly begin: (context: ViewContext) => void;
  /** The view's own meta-tools, by name. */
  readonly acts: Readonly<Record<string, (context: ViewContext, args: JsonObject) => ViewReply | Promise<ViewReply>>>;
  /** Gives each tool a function of its own, in place of `call_tool`. */
  readonly functions?: (toolspace: Toolspace) => ToolFunctions;
  /**
   * What becomes of tools that are new or changed in mid-episode: they are to be `loaded`, or `found` by a search, their schemas are
   * `shown` in the result with which they come, or it is `too late` for them. Absent: loaded.
   */
  readonly fresh?: FreshTools;
  /** Advice to a policy that calls a tool whose schema it has not loaded. */
  readonly advice: (server: string, tool: string) => string;
  /** What is said behind the sentence that there is no such server; absent: the names of all. */
  readonly otherServers?: (context: ViewContext, server: string) => string;
}

/** Default export of each file in `envs/views`: opens the view as it usually is. */
export interface ViewDefinition<Settings extends object = Readonly<Record<string, Setting>>> extends OpenView {
  readonly settings: KnownSettings<Settings>;
  /** Opens it otherwise. */
  readonly withSettings: (settings: Settings) => OpenView;
  /** Which model behind an endpoint it asks, by its settings, as `openEmbeddings` takes it; absent or undefined: none. */
  readonly modelOf?: (settings: Settings) => string | undefined;
}

/** A view without settings. */
export const viewOf = (name: ViewName, design: ViewDesign): ViewDefinition =>
  settableView(name, noSettings, () => design);

/** A view with settings, which follow its name in records where they are not as usual. */
export function settableView<Settings extends object>(
  name: ViewName,
  settings: KnownSettings<Settings>,
  designOf: (settings: Settings) => ViewDesign,
  more: Pick<ViewDefinition<Settings>, 'modelOf'> = {},
): ViewDefinition<Settings> {
  const withSettings = (chosen: Settings) => openingOf(name + settingsText(chosen, settings), designOf(chosen));
  return Object.assign(withSettings(settings.defaults), { settings, withSettings, ...more });
}

/** System prompts, by how tools are shown in them. */
type Systems = Map<ToolForm, string>;

function openingOf(name: ViewName, design: ViewDesign): OpenView {
  const systems = { named: new WeakMap<Toolspace, Systems>(), short: new WeakMap<Toolspace, Systems>() };
  const systemOf = (toolspace: Toolspace, toolNamesUpFront: boolean, form: ToolForm): string => {
    const cache = toolNamesUpFront ? systems.named : systems.short;
    const known: Systems = cache.get(toolspace) ?? new Map();
    cache.set(toolspace, known);
    let system = known.get(form);
    if (system === undefined) {
      const instructions = toolIndex(toolspace).instructions.map(({ text }) => text);
      known.set(form, (system = [design.system(toolspace, toolNamesUpFront, form), ...instructions].join('\n')));
    }
    return system;
  };
  return (world, { toolNamesUpFront, declaresTools, signal = new AbortController().signal }) => {
    const { toolspace } = world;
    const index = toolIndex(toolspace);
    const form = declaresTools ? inDeclarations : inSchemas;
    const context: ViewContext = {
      world,
      toolspace,
      form,
      index,
      toolNamesUpFront,
      signal,
      servers: [...(design.firstServers ?? allServers)(toolspace)],
      loaded: [],
      isLoaded: new Set(),
      names: new Map(),
      removed: new Set(),
    };
    design.begin(context);
    const { servers, names, loaded } = context;
    const functions = design.functions?.(toolspace);
    return {
      name,
      metaTools: functions?.offered ?? design.metaTools,
      system: systemOf(toolspace, toolNamesUpFront, form),
      // In the order in which they stand in the prompt: functions follow what the system prompt says.
      schemas: functions
        ? [...index.instructions, ...functions.schemas]
        : [...(design.schemas?.(context) ?? []), ...index.instructions],
      visible: { servers, names, loaded },
      ...(functions ? { functions } : {}),
      act: async (action) =>
        functions ? actByFunction(design, context, functions, action) : act(design, context, action),
    };
  };
}

const callToolName = callToolFunction.name;
const allServers = ({ servers }: Toolspace) => servers;

/** A call of a function; of `call_tool`, which is none here, only where a policy in code means a tool without a function. */
function actByFunction(
  design: ViewDesign,
  context: ViewContext,
  functions: ToolFunctions,
  action: Action,
): ViewReply | Promise<ViewReply> {
  const isToolWithout = action.name === callToolName && functions.written(action) === action;
  if (!functions.has(action.name) && !isToolWithout) {
    const known = functions.offered.map(({ name }) => name);
    return refuse(`There is no function "${action.name}".${didYouMean(action.name, known)}`);
  }
  if (!asObject(action.arguments)) return refuse(`${action.name} was not understood: arguments must be an object.`);
  return act(design, context, functions.meant(action));
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
  if (action.name === callToolName) return callTool(design, context, args);
  const actOf = design.acts[action.name];
  return actOf ? actOf(context, args) : refuse(`There is no function "${action.name}".`);
}

async function callTool(design: ViewDesign, context: ViewContext, args: JsonObject): Promise<ViewReply> {
  const [server, name] = [args['server'] as string, args['tool'] as string];
  const serverTools = context.index.tools.get(server);
  if (!serverTools) return unknownServer(context, server, design.otherServers);
  const tool = serverTools.get(name);
  if (!tool) return refuse(`${missing(context, server, name)}.`, server, [name]);
  if (!context.isLoaded.has(tool)) return refuse(design.advice(server, name), server, [name]);
  const toolArguments = args['arguments'] as JsonObject;
  const faults = argumentFaults(tool.inputSchema, toolArguments);
  if (faults !== undefined) return refuse(`${name} was not called: ${faults}.`, server, [name]);
  const result = await context.world.call(server, name, toolArguments);
  const { text, isError, notice, tools, media } = result;
  const changes = tools && takeChanges(context, server, tools, design.fresh ?? 'loaded');
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
    event: { kind: 'called', server, tools: [name], ...(changes?.tooLate ? { tooLate: changes.tooLate } : {}) },
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

export function unknownServer(
  context: ViewContext,
  server: string,
  others: NonNullable<ViewDesign['otherServers']> = ({ index }) => `Servers: ${[...index.tools.keys()].join(', ')}.`,
): ViewReply {
  return refuse(`There is no server "${server}". ${others(context, server)}`);
}

/** Puts tools of a server into the context; answers with how it shows them. */
export function load(context: ViewContext, server: string, tools: readonly Tool[]): ViewReply {
  for (const tool of tools) markLoaded(context, tool);
  return reply(
    context.form.ofServer(tools, context),
    'loaded',
    server,
    tools.map(({ name }) => name),
  );
}

function asObject(value: Json): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

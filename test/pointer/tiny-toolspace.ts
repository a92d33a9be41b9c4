import type { JsonObject } from '../../core/json.ts';
import type { Action, Decision, Observation, OpenView, Policy, PolicySession, Tool, World } from '../../core/types.ts';

const text = { type: 'string' };
const tool = (server: string, name: string, description: string, properties: JsonObject, required: string[]): Tool => ({
  server,
  name,
  description,
  inputSchema: { type: 'object', properties, required },
});

/** Two small servers: files in folders, and a shelf of labelled items whose format is one of three. */
const tools: readonly Tool[] = [
  tool('files', 'create_folder', 'Creates a folder.', { path: text }, ['path']),
  tool('files', 'write_file', 'Writes text to a file.', { path: text, content: text }, ['path', 'content']),
  tool('files', 'read_file', 'Reads a file.', { path: text }, ['path']),
  tool('files', 'list_folders', 'Lists folders.', {}, []),
  tool(
    'shelf',
    'add_items',
    'Adds items to the shelf.',
    {
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            label: text,
            format: { type: 'string', enum: ['box', 'bag', 'jar'] },
            notes: { type: 'array', items: text },
          },
          required: ['label', 'format', 'notes'],
        },
      },
    },
    ['items'],
  ),
  tool('shelf', 'browse', 'Browses items of the shelf.', { label: text, format: text, after: text, before: text }, []),
  tool('shelf', 'weigh', 'Weighs a number of items.', { count: { type: 'integer', minimum: 1, maximum: 20 } }, [
    'count',
  ]),
];

export interface TinyWorld extends World {
  /** Successful calls in order, as JSON. */
  readonly done: string[];
}

export function tinyWorld(): TinyWorld {
  const done: string[] = [];
  return {
    root: '/world',
    startHash: '0'.repeat(64),
    toolspace: {
      servers: [
        { name: 'files', summary: 'Reads and writes files in folders.' },
        { name: 'shelf', summary: 'Keeps labelled items on a shelf.' },
      ],
      tools,
    },
    call: async (_, name, args) => {
      if (name === 'read_file' && args['path'] === 'window.txt')
        return { text: 'color of the window: blue\nheight of the window: 7', isError: false };
      if (name === 'read_file') return { text: 'color of the door: green\nsize of the door: 20', isError: false };
      if (name === 'create_folder' && /\s/.test(JSON.stringify(args['path'])))
        return { text: 'No such path', isError: true };
      done.push(JSON.stringify([name, args]));
      return { text: `Successfully did ${name}`, isError: false };
    },
    evidence: async () => ({}),
    inspect: async () => [],
    done,
  };
}

export interface TinyEpisode {
  readonly world: TinyWorld;
  readonly session: PolicySession;
  readonly decisions: readonly Decision[];
  /** The one call of each decision. */
  readonly actions: readonly Action[];
  readonly finished: boolean;
  /** Actions the view refused. */
  readonly refused: readonly Action[];
}

/** One episode of at most eight turns, without ledger or limits. */
export async function tinyEpisode(
  policy: Policy,
  openView: OpenView,
  prompt: string,
  seed: number,
  toolNamesUpFront = true,
): Promise<TinyEpisode> {
  const world = tinyWorld();
  const view = openView(world, { toolNamesUpFront });
  const { metaTools, visible, system, name } = view;
  const { signal } = new AbortController();
  const session = policy.start({
    taskId: 't',
    prompt,
    system,
    metaTools,
    view: name,
    ...(view.execution ? { execution: view.execution } : {}),
    visible,
    root: '/world',
    seed,
    signal,
  });
  const decisions: Decision[] = [];
  const refused: Action[] = [];
  let finished = false;
  const actions: Action[] = [];
  for (let observations: readonly Observation[] = []; decisions.length < 8 && !finished;) {
    const decision = await session.act(observations);
    decisions.push(decision);
    const [{ action }] = decision.calls;
    actions.push(action);
    const reply = await view.act(view.functions?.written(action) ?? action);
    if (reply.event.kind === 'refused') refused.push(action);
    finished = reply.finished !== undefined;
    observations = [reply.observation];
  }
  view.close?.();
  return { world, session, decisions, actions, finished, refused };
}

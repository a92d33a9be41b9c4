import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Files } from '../../../core/types.ts';
import { argumentFaults } from '../../../envs/argument-check.ts';
import { cacheFolder } from '../../../envs/world-places.ts';
import type { OwnCheck, OwnMessage, OwnTask } from '../../own-tasks/format.ts';
import { SkippedRecord } from './fields.ts';

/** BFCL's own Python classes, an optional part: each is served over MCP, and says where the gold calls lead. */

const source = (file: string): string => fileURLToPath(new URL(`../bfcl-classes/${file}`, import.meta.url));

export const howToAddClasses = `bash ${relative(process.cwd(), source('setup.sh'))}`;
/** What brings in a record that needs them. */
export const addClasses = `add the benchmark's own classes: ${howToAddClasses}`;

/** Classes of the multi-turn questions. */
export const servedClasses: readonly string[] = [
  'GorillaFileSystem',
  'MathAPI',
  'MessageAPI',
  'TicketAPI',
  'TradingBot',
  'TravelAPI',
  'TwitterAPI',
  'VehicleControlAPI',
];

/** The interpreter that has the classes as they are pinned now, or none. */
export function pythonWithClasses(): string | undefined {
  const ready = join(cacheFolder(), 'bfcl', 'ready');
  const pinned = createHash('sha256')
    .update(readFileSync(source('requirements.txt')))
    .digest('hex');
  const isReady = existsSync(ready) && readFileSync(ready, 'utf8').trim() === pinned;
  return isReady ? join(cacheFolder(), 'bfcl', 'bin', 'python') : undefined;
}

export interface GoldRequest {
  readonly id: string;
  readonly classes: readonly string[];
  /** Class → its scenario. */
  readonly config: JsonObject;
  readonly longContext: boolean;
  /** Texts of each turn's calls. */
  readonly turns: readonly (readonly string[])[];
}

/** A line of an instance's log that an episode must bring about in a turn. */
interface MustLog {
  readonly class: string;
  readonly turn: number;
  readonly line: string;
}

/** Where the gold calls of a record lead. */
export interface Followed {
  /** Class → its state as text. */
  readonly start: Readonly<Record<string, string>>;
  readonly end: Readonly<Record<string, string>>;
  readonly plan: readonly {
    readonly class: string;
    readonly tool: string;
    readonly arguments: JsonObject;
    readonly turn: number;
    /** As the record says it. */
    readonly text: string;
  }[];
  /** States after the turns that changed one. */
  readonly reached: readonly MustLog[];
  /** Results of calls that changed nothing. */
  readonly shown: readonly (MustLog & { readonly tool: string })[];
}

/** Where gold calls lead, or why they cannot be a plan. */
export type Gold = Followed | { readonly fault: string };

type Tools = Readonly<Record<string, readonly { readonly name: string; readonly inputSchema: JsonObject }[]>>;

/** The benchmark carries out its gold calls whatever its own descriptions of the functions say; no policy can. */
function unfit({ plan }: Followed, tools: Tools): { readonly fault: string } | undefined {
  for (const { class: className, tool, arguments: args, text } of plan) {
    const schema = tools[className]?.find(({ name }) => name === tool)?.inputSchema;
    if (!schema)
      return { fault: `${text} calls a function that the benchmark does not describe, so that no policy can` };
    const faults = argumentFaults(schema, args);
    if (faults !== undefined) return { fault: `${text} is not what the benchmark's own description takes (${faults})` };
  }
  return undefined;
}

const MOST_BYTES = 2 ** 30;

/** Record → where its gold calls lead, or why they lead nowhere. @throws UsageError where the classes cannot be run. */
export function followGold(python: string, requests: readonly GoldRequest[]): ReadonlyMap<string, Gold> {
  const { status, stdout, stderr, error } = spawnSync(python, ['-B', '-X', 'utf8', source('follow.py')], {
    input: requests.map((request) => `${JSON.stringify(request)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
    env: { TZ: 'UTC' },
  });
  if (status !== 0)
    throw new UsageError(
      `BFCL's own classes could not be run by ${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}. ` +
        `Remove ${join(cacheFolder(), 'bfcl')} and add them anew: ${howToAddClasses}`,
    );
  const [head = '{}', ...lines] = stdout.split('\n').filter((line) => line !== '');
  const { tools } = JSON.parse(head) as { readonly tools: Tools };
  return new Map(
    lines.map((line) => {
      const { id, ...found } = JSON.parse(line) as Gold & { readonly id: string };
      return [id, 'fault' in found ? found : (unfit(found, tools) ?? found)];
    }),
  );
}

const folder = 'bfcl.files';
const log = 'log.txt';

/** The server of a class, from programs that lie beside the task file. */
export const classServer = (python: string, className: string): object => ({
  command: python,
  args: ['-B', '-X', 'utf8', `{HERE}/${folder}/serve.py`, className],
  summary: `BFCL's own class ${className}`,
  reset: 'keep',
  // Where it is confined: the environment, and the interpreter that its links lead to.
  readable: [dirname(dirname(python)), dirname(dirname(realpathSync(python)))],
});

export const classPrograms = (): Files =>
  Object.fromEntries(
    ['serve.py', 'bfcl_class.py'].map((file) => [`${folder}/${file}`, readFileSync(source(file), 'utf8')]),
  );

/**
 * What a task holds of its classes. At the end each class must be as the gold calls leave it; on the way its states after each turn,
 * and the results of the gold's reading calls, must have been there, whichever calls brought them.
 * @throws SkippedRecord where the gold calls cannot be followed, or ask for nothing that could be seen.
 */
export function classesTask(
  { classes, config, longContext }: GoldRequest,
  turns: readonly string[],
  followed: Gold,
): Omit<OwnTask, 'id'> {
  if ('fault' in followed)
    throw new SkippedRecord(`its gold calls are no plan: ${followed.fault}`, 'none: the record is at fault');
  const { start, end, plan, reached, shown } = followed;
  if (reached.length + shown.length === 0)
    throw new SkippedRecord('no check can be expressed: its gold calls change nothing and show nothing', 'none');
  return {
    servers: classes,
    files: Object.fromEntries(
      classes.map((name) => [
        name,
        {
          'scenario.json': JSON.stringify({ config: config[name] ?? {}, longContext }),
          'state.json': start[name] ?? '',
        },
      ]),
    ),
    checks: [
      ...classes.map((name): OwnCheck => endCheck(name, start[name] ?? '', end[name] ?? '')),
      ...distinct(reached.filter((one) => one !== reached.findLast((other) => other.class === one.class))).map(
        ({ class: server, turn, line }): OwnCheck => ({
          name: `${server} came to the state that message ${turn + 1} asks for`,
          file: { server, path: log },
          contains: line,
        }),
      ),
      ...distinct(shown).map(({ class: server, turn, tool, line }): OwnCheck => ({
        name: `what ${tool} tells for message ${turn + 1} was seen`,
        file: { server, path: log },
        contains: line,
      })),
    ],
    messages: turns.map((text, turn) => {
      const calls = plan.map(({ class: server, tool, arguments: args }, index) => ({
        server,
        tool,
        arguments: args,
        after: index === 0 ? [] : [index - 1],
      }));
      return message(
        text,
        calls,
        plan.filter((call) => call.turn < turn).length,
        plan.filter((call) => call.turn <= turn).length,
      );
    }),
  };
}

/** What the user says, with its part of a plan, in which calls are numbered anew. */
export const message = (text: string, plan: Plan, from: number, to: number): OwnMessage => ({
  text,
  plan: plan.slice(from, to).map(({ after = [], ...call }) => ({
    ...call,
    after: after.filter((earlier) => earlier >= from).map((earlier) => earlier - from),
  })),
});

type Plan = NonNullable<OwnTask['plan']>;

const endCheck = (server: string, start: string, end: string): OwnCheck =>
  start === end
    ? { name: `${server} ends as it was`, unchanged: server, except: [log] }
    : { name: `${server} ends as the gold calls leave it`, file: { server, path: 'state.json' }, equals: end };

/** What is asked for in several turns must have been there once. */
const distinct = <T extends MustLog>(all: readonly T[]): readonly T[] =>
  [...new Map(all.toReversed().map((one) => [`${one.class} ${one.line}`, one])).values()].toReversed();

import { identifierOf } from '../../core/identifiers.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Visible } from '../../core/types.ts';

/** What the policy knows of names in programs. */
type Names = Pick<Visible, 'inProgram'>;

/** A call of a tool, whose arguments are known before the program runs. */
export interface KnownCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonObject;
}

/**
 * A program that makes these calls one after the other, and says that they are done. Neighbours of one tool become a loop over what
 * differs between them.
 */
export function planProgram(calls: readonly KnownCall[], names: Names): string {
  return [...runsOf(calls).map((run) => runCode(run, names)), "return 'done';"].join('\n');
}

/** The expression of a call that awaits its result. `given`: code of its arguments. */
export function callCode(
  { server, tool }: Omit<KnownCall, 'arguments'>,
  given: string,
  { inProgram = identifierOf }: Names,
): string {
  // By its own name a tool is found, too, whatever others its server has.
  const method = identifierOf(tool) === tool ? `.${tool}` : `[${JSON.stringify(tool)}]`;
  return `await ${inProgram(server)}${method}(${given})`;
}

/** Calls cut where another tool's turn comes. */
function runsOf(calls: readonly KnownCall[]): (readonly KnownCall[])[] {
  const runs: KnownCall[][] = [];
  for (const call of calls) {
    const run = runs.at(-1);
    if (run?.[0]?.server === call.server && run[0].tool === call.tool) run.push(call);
    else runs.push([call]);
  }
  return runs;
}

function runCode(run: readonly KnownCall[], names: Names): string {
  const [first] = run;
  if (first === undefined) return '';
  if (run.length === 1) return `${callCode(first, JSON.stringify(first.arguments), names)};`;
  const varying = keyThatVaries(run.map((call) => call.arguments));
  if (varying === undefined) {
    const all = JSON.stringify(run.map((call) => call.arguments));
    return `for (const given of ${all}) ${callCode(first, 'given', names)};`;
  }
  const { [varying]: _, ...same } = first.arguments;
  const values = JSON.stringify(run.map((call) => call.arguments[varying]));
  const others = Object.entries(same).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const given = `{ ${[`${JSON.stringify(varying)}: value`, ...others].join(', ')} }`;
  return `for (const value of ${values}) ${callCode(first, given, names)};`;
}

/** The one argument in which calls differ; undefined where they differ in more, or in which they have. */
function keyThatVaries(all: readonly JsonObject[]): string | undefined {
  const [first = {}] = all;
  const keys = Object.keys(first);
  const isAlike = (one: JsonObject) => Object.keys(one).length === keys.length && keys.every((key) => key in one);
  if (!all.every(isAlike)) return undefined;
  const varying = keys.filter((key) => all.some((one) => JSON.stringify(one[key]) !== JSON.stringify(first[key])));
  return varying.length === 1 ? varying[0] : undefined;
}

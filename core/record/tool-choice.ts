import { readToolPrint } from '../fingerprint.ts';
import { loadedBy } from '../loaded-tools.ts';
import type { Manifest } from '../run-types.ts';
import { callsOf, type Call, type Trajectory, type Turn } from '../trajectory.ts';
import { loadedAtOnce } from '../view-loads.ts';

/** How the tools that an episode was shown and called agree with those that its task needs: the tools of the reference plan. */
export interface ToolChoice {
  /** Tools that the task needs; those whose schemas the context showed; those that are both. */
  readonly needed: number;
  readonly shown: number;
  readonly neededShown: number;
  /**
   * Tokens of schemas in all prompts, of tools that the episode never called. A server's are divided among its tools by the lengths
   * of their schemas.
   */
  readonly unusedTokens: number;
  /** Calls of tools that the task does not need, whether they reached a server or were refused; of tools that there are not, too. */
  readonly wrongCalls: number;
  /** What was called, what was meant (`meantBy`), and how often; `null`: all that is needed had been called before. */
  readonly confused: readonly (readonly [called: string, meant: string | null, times: number])[];
}

/** What a run's manifest says of tools. */
export type OfferedTools = Pick<Manifest, 'needs' | 'servers'>;

/** `null` where the run does not say what the task needs or what its servers offered: it is of an older Toolstone, or the task has no plan. */
export function toolChoiceOf(trajectory: Trajectory, { needs, servers }: OfferedTools): ToolChoice | null {
  const needed = needs?.[trajectory.key.task];
  const lengths = lengthsOf(servers);
  if (needed === undefined || lengths === null) return null;
  const calls = callsOf(trajectory);
  const used = new Set(calls.flatMap(({ event }) => (event.kind === 'called' ? keysOf([event]) : [])));
  const shown = new Set<string>();
  let unusedTokens = 0;
  for (const [index, turn] of trajectory.turns.entries()) {
    if (index === 0 && loadedAtOnce(trajectory.view) === 'nothing')
      for (const key of allOf(turn, lengths)) shown.add(key);
    unusedTokens += unusedIn(turn, shown, used, lengths);
    for (const { event } of turn.calls) for (const key of keysOf(loadedBy(event))) shown.add(key);
  }
  const { wrongCalls, confused } = confusionsOf(calls, needed);
  const neededShown = needed.filter((key) => shown.has(key)).length;
  return { needed: needed.length, shown: shown.size, neededShown, unusedTokens, wrongCalls, confused };
}

/** Server → `SERVER.TOOL` → characters of its schema: keys are made once, for there may be thousands of tools. */
type Lengths = ReadonlyMap<string, ReadonlyMap<string, number>>;

const known = new WeakMap<Manifest['servers'], Lengths | null>();

function lengthsOf(servers: Manifest['servers']): Lengths | null {
  const earlier = known.get(servers);
  if (earlier !== undefined) return earlier;
  const lengths = new Map<string, ReadonlyMap<string, number>>();
  for (const [server, { fingerprint }] of Object.entries(servers)) {
    const tools = Object.entries(fingerprint?.tools ?? {});
    if (fingerprint)
      lengths.set(
        server,
        new Map(tools.map(([name, print]) => [`${server}.${name}`, readToolPrint(print).characters])),
      );
  }
  const result = lengths.size === Object.keys(servers).length ? lengths : null;
  known.set(servers, result);
  return result;
}

const keysOf = (some: readonly { readonly server: string; readonly tools: readonly string[] }[]): string[] =>
  some.flatMap(({ server, tools }) => tools.map((tool) => `${server}.${tool}`));

/** All tools of the servers whose schemas the first prompt holds. */
const allOf = ({ tokens }: Turn, lengths: Lengths): string[] =>
  Object.keys(tokens.schemas).flatMap((server) => [...(lengths.get(server)?.keys() ?? [])]);

function unusedIn({ tokens }: Turn, shown: ReadonlySet<string>, used: ReadonlySet<string>, lengths: Lengths): number {
  return Object.entries(tokens.schemas).reduce((sum, [server, count]) => {
    let [all, unused] = [0, 0];
    for (const [key, length] of lengths.get(server) ?? []) {
      if (!shown.has(key)) continue;
      all += length;
      if (!used.has(key)) unused += length;
    }
    return sum + (all === 0 ? 0 : (count * unused) / all);
  }, 0);
}

/** The tool that a call asks for, as `SERVER.TOOL`; of views' own tools, and calls without a name, none. */
function askedFor({ action: { name, arguments: args } }: Call): string | null {
  const { server, tool } = args;
  return name === 'call_tool' && typeof server === 'string' && typeof tool === 'string' ? `${server}.${tool}` : null;
}

function confusionsOf(calls: readonly Call[], needed: readonly string[]): Pick<ToolChoice, 'wrongCalls' | 'confused'> {
  const counts = new Map<string, { readonly called: string; readonly meant: string | null; times: number }>();
  const done = new Set<string>();
  for (const call of calls) {
    const called = askedFor(call);
    if (called === null) continue;
    if (needed.includes(called)) {
      if (call.event.kind === 'called') done.add(called);
      continue;
    }
    const meant = meantBy(called, needed, done);
    const key = `${called}\n${meant}`;
    const count = counts.get(key) ?? { called, meant, times: 0 };
    count.times += 1;
    counts.set(key, count);
  }
  const confused = [...counts.values()].map(({ called, meant, times }) => [called, meant, times] as const);
  return { confused, wrongCalls: confused.reduce((sum, [, , times]) => sum + times, 0) };
}

const nameOf = (key: string): string => key.slice(key.indexOf('.') + 1);

/**
 * Which tool a wrong call was in place of: the needed one of the same name on another server, else the first of the plan that was
 * not called yet; `null` where all were.
 */
function meantBy(called: string, needed: readonly string[], done: ReadonlySet<string>): string | null {
  return needed.find((key) => nameOf(key) === nameOf(called)) ?? needed.find((key) => !done.has(key)) ?? null;
}

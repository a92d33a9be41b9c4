import { readFileSync } from 'node:fs';
import type { DistractedSet, ToolCount } from '../../core/distractor-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Tool } from '../../core/types.ts';
import { isPermissive } from '../listed/source.ts';
import { listedDefinitions } from '../listed/definition.ts';
import { listInstead, serverDefinition, serverNames } from '../server-list.ts';
import { toolspaceOf } from '../toolspaces.ts';
import { type Candidate, draw, mixed } from './draw.ts';
import type { DistractorRequest } from './request.ts';

/** Kind → servers that do the same in other words: what is confused most easily. */
const kinds = Object.values(
  JSON.parse(readFileSync(new URL('./kinds.json', import.meta.url), 'utf8')) as Readonly<
    Record<string, readonly string[]>
  >,
);

/** Drawn last of all, for its schemas are larger than those of all others together. */
const LARGEST = 'ms365';

/** When a candidate is drawn. */
const ranks = { suite: 0, usual: 1, largest: 2 } as const;
const rankOf = (name: string): number => (name === LARGEST ? ranks.largest : ranks.usual);

/**
 * The servers that Toolstone knows on every machine alike, but for those taken: those of the catalogue that come with it, and the
 * listed ones whose lists do. What is added to the catalogue on request is listed from now on, installed or not.
 */
export function housePool(taken: ReadonlySet<string>): string[] {
  const isFree = (name: string) => !taken.has(name);
  const run = serverNames.filter(isFree).filter((name) => serverDefinition(name).onRequest === undefined);
  const listed = [...listedDefinitions.values()].flatMap(({ name, listed: one }) =>
    one && isPermissive(one.source) && isFree(name) && !run.includes(name) ? [name] : [],
  );
  listInstead(listed);
  return [...run, ...listed];
}

/**
 * The toolspace of tasks that need the servers `own`, with distractors out of `pool`, none of which may be one of them.
 * @throws UsageError where it cannot be had, or a server's list cannot be read.
 */
export function distractedSet(
  own: readonly string[],
  pool: readonly string[],
  request: DistractorRequest,
): DistractedSet {
  const ownTools = toolspaceOf(own).tools;
  if (request.tools < ownTools.length)
    throw new UsageError(
      `--tools asks for ${request.tools} tools, and the task's own servers (${own.join(', ')}) have ${ownTools.length} already. Give at least that.`,
    );
  const isNear = nearness(own, ownTools);
  const candidates = pool.map((name): Candidate => ({
    name,
    // Asked of every server of the pool, which costs the reading of their lists, only where a share was asked for.
    isNear: request.near !== undefined && isNear(name),
    rank: rankOf(name),
    tools: () => countOf(name),
  }));
  const drawn = draw(candidates, ownTools.length, request).map(({ name }) => name);
  return setOf(own, drawn, request.seed, isNear);
}

/**
 * The toolspace of so many tools for tasks that cannot do without the servers `needed`: the other servers of their suite are drawn
 * first, then those of `pool`. What tasks need alone may have more tools.
 * @throws UsageError where there are not so many tools, or a server's list cannot be read.
 */
export function sizedSet(
  needed: readonly string[],
  ofSuite: readonly string[],
  pool: readonly string[],
  tools: ToolCount,
): DistractedSet {
  const seed = 1;
  const neededTools = toolspaceOf(needed).tools;
  const candidates = [...ofSuite.filter((name) => !needed.includes(name)), ...pool].map((name): Candidate => ({
    name,
    isNear: false,
    rank: ofSuite.includes(name) ? ranks.suite : rankOf(name),
    tools: () => countOf(name),
  }));
  const drawn =
    tools === 'all'
      ? candidates.filter(({ rank }) => rank !== ranks.largest)
      : draw(candidates, neededTools.length, { tools, seed });
  const names = drawn.map(({ name }) => name);
  return { ...setOf(needed, names, seed, nearness(needed, neededTools)), ofSuite };
}

function setOf(
  own: readonly string[],
  drawn: readonly string[],
  seed: number,
  isNear: (name: string) => boolean,
): DistractedSet {
  const servers = mixed([...own, ...drawn], seed);
  const { tools } = toolspaceOf(servers);
  const near = new Set(drawn.filter(isNear));
  return {
    own,
    servers,
    tools: tools.length,
    listedTools: tools.filter(isListed).length,
    nearTools: tools.filter(({ server }) => near.has(server)).length,
    clashingTools: clashing(tools),
  };
}

const isListed = ({ server }: Tool): boolean => serverDefinition(server).listed !== undefined;

/** Whether a server is of the kind of an own one, or has a tool of the same name. */
function nearness(own: readonly string[], ownTools: readonly Tool[]): (name: string) => boolean {
  const ofKind = new Set(kinds.filter((kind) => kind.some((name) => own.includes(name))).flat());
  const names = new Set(ownTools.map(({ name }) => name));
  return (server) => ofKind.has(server) || toolspaceOf([server]).tools.some(({ name }) => names.has(name));
}

/** What a server of the catalogue offers is known without starting it. */
function countOf(name: string): number {
  const { own, listed, expectedTools, withheld } = serverDefinition(name);
  return own || listed ? toolspaceOf([name]).tools.length : expectedTools - withheld.length;
}

/** Tools whose name stands on another server, too. */
export function clashing(tools: readonly Tool[]): number {
  const servers = Map.groupBy(tools, ({ name }) => name);
  return tools.filter(({ name }) => new Set(servers.get(name)?.map(({ server }) => server)).size > 1).length;
}

import { readFileSync } from 'node:fs';
import type { DistractedSet, ToolCount } from '../../core/distractor-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Tool } from '../../core/types.ts';
import { isPermissive } from '../listed/source.ts';
import { listedDefinitions } from '../listed/definition.ts';
import { installableNames, listing, serverDefinition, serverNames } from '../server-list.ts';
import { toolspaceOf } from '../toolspaces.ts';
import type { Candidate } from './candidate.ts';
import { draw, mixed } from './draw.ts';
import type { DistractorRequest } from './request.ts';

/** Kind → servers that do the same in other words: what is confused most easily. */
const kinds = Object.values(
  JSON.parse(readFileSync(new URL('./kinds.json', import.meta.url), 'utf8')) as Readonly<
    Record<string, readonly string[]>
  >,
);

/** When a candidate is drawn. */
const ranks = { suite: 0, usual: 1, last: 2 } as const;
const rankOf = (name: string): number => (serverDefinition(name).listed?.source.isDrawnLast ? ranks.last : ranks.usual);

/**
 * The servers that Toolstone knows on every machine alike, but for those taken: those of the catalogue that come with it, and the
 * listed ones whose lists do. What is added to the catalogue on request is among the listed ones, installed or not.
 */
export function housePool(taken: ReadonlySet<string>): string[] {
  const isFree = (name: string) => !taken.has(name);
  const run = serverNames.filter((name) => isFree(name) && !installableNames.includes(name));
  const listed = [...listedDefinitions.values()].flatMap(({ name, listed: one }) =>
    one && isPermissive(one.source) && isFree(name) && !run.includes(name) ? [name] : [],
  );
  return [...run, ...listed];
}

/**
 * The toolspace of tasks that need the servers `own`, with distractors out of `pool`, none of which may be one of them. What it
 * draws is listed only once it is taken into use (`listInstead`).
 * @throws UsageError where it cannot be had, or a server's list cannot be read.
 */
export const distractedSet = (
  own: readonly string[],
  pool: readonly string[],
  request: DistractorRequest,
): DistractedSet => listing(pool, () => measuredSet(own, pool, request));

function measuredSet(own: readonly string[], pool: readonly string[], request: DistractorRequest): DistractedSet {
  const ownTools = toolspaceOf(own).tools;
  if (request.tools < ownTools.length)
    throw new UsageError(
      `--tools asks for ${request.tools} tools, and the task's own servers (${own.join(', ')}) have ${ownTools.length} already. Give at least that.`,
    );
  const isNear = nearness(own, ownTools);
  const clashOf = (name: string) => namesakes(toolspaceOf([name]).tools, ownTools);
  const candidates = pool.map((name): Candidate => ({
    name,
    rank: rankOf(name),
    tools: () => countOf(name),
    counted: once(() => (request.share?.kind === 'clash' ? clashOf(name) : isNear(name) ? countOf(name) : 0)),
  }));
  const drawn = draw(candidates, ownTools.length, request).map(({ name }) => name);
  return setOf(own, ownTools, drawn, request.seed, isNear);
}

/**
 * The toolspace of so many tools for tasks that cannot do without the servers `needed`: the other servers of their suite are drawn
 * first, then those of `pool`. What tasks need alone may have more tools. What it draws is listed only once it is taken into use.
 * @throws UsageError where there are not so many tools, or a server's list cannot be read.
 */
export const sizedSet = (
  needed: readonly string[],
  ofSuite: readonly string[],
  pool: readonly string[],
  tools: ToolCount,
): DistractedSet => ({ ...listing(pool, () => measuredSize(needed, ofSuite, pool, tools)), ofSuite });

const sizesSeed = 1;

function measuredSize(
  needed: readonly string[],
  ofSuite: readonly string[],
  pool: readonly string[],
  tools: ToolCount,
): DistractedSet {
  const neededTools = toolspaceOf(needed).tools;
  const candidates = [...ofSuite.filter((name) => !needed.includes(name)), ...pool].map((name): Candidate => ({
    name,
    rank: ofSuite.includes(name) ? ranks.suite : rankOf(name),
    tools: () => countOf(name),
    counted: () => 0,
  }));
  const drawn =
    tools === 'all'
      ? candidates.filter(({ rank }) => rank !== ranks.last)
      : draw(candidates, neededTools.length, { tools, seed: sizesSeed });
  const names = drawn.map(({ name }) => name);
  return setOf(needed, neededTools, names, sizesSeed, nearness(needed, neededTools));
}

function setOf(
  own: readonly string[],
  ownTools: readonly Tool[],
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
    clashWithOwn: namesakes(
      tools.filter(({ server }) => !own.includes(server)),
      ownTools,
    ),
    clashingTools: clashing(tools),
  };
}

/** What `make` gives, made at its first use. */
function once(make: () => number): () => number {
  let made: number | undefined;
  return () => (made ??= make());
}

const isListed = ({ server }: Tool): boolean => serverDefinition(server).listed !== undefined;

/** Whether a server is of the kind of an own one, or has a tool of the same name. */
function nearness(own: readonly string[], ownTools: readonly Tool[]): (name: string) => boolean {
  const ofKind = new Set(kinds.filter((kind) => kind.some((name) => own.includes(name))).flat());
  return (server) => ofKind.has(server) || namesakes(toolspaceOf([server]).tools, ownTools) > 0;
}

/** How many of some tools are called like one of the task's own. */
function namesakes(tools: readonly Tool[], ownTools: readonly Tool[]): number {
  const names = new Set(ownTools.map(({ name }) => name));
  return tools.filter(({ name }) => names.has(name)).length;
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

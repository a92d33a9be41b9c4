import type { Tool } from '../types.ts';
import { type Difference, jsonDifference, textDifference } from './differences.ts';
import { namedDrift, type Drift } from './drift.ts';

/** All that a server says of a tool; its own name stands elsewhere. */
export type SaidTool = Omit<Tool, 'server'>;

/** How the tools of a server changed, by their texts. */
export function* toolsDrift(server: string, before: readonly SaidTool[], now: readonly SaidTool[]): Generator<Drift> {
  const of = ` of server ${server}`;
  const found = [
    ...namedDrift(byName(before), byName(now), 'tool', (name, was, is) => toolDrift(name, of, was, is), of),
  ];
  yield* found;
  if (found.length === 0) yield* orderDrift(of, before.map(nameOf), now.map(nameOf));
}

/** Names of the same tools in another order. */
export function* orderDrift(of: string, before: readonly string[], now: readonly string[]): Generator<Drift> {
  const [was, is] = [before.join(', '), now.join(', ')];
  if (was !== is) yield { what: `The order of the tools${of} changed`, difference: [`- ${was}`, `+ ${is}`] };
}

const nameOf = ({ name }: SaidTool): string => name;
const byName = (tools: readonly SaidTool[]) => new Map(tools.map((tool) => [tool.name, tool]));

function* toolDrift(name: string, of: string, before: SaidTool, now: SaidTool): Generator<Drift> {
  for (const { part, difference } of toolChanges(before, now))
    yield { what: `The ${part} of the tool ${name}${of} changed`, difference };
}

/** One part of what a server says of a tool, e.g. its description, that is not as it was. */
export interface ToolChange {
  readonly part: string;
  readonly difference: Difference;
}

export function* toolChanges(before: SaidTool, now: SaidTool): Generator<ToolChange> {
  if (before.description !== now.description)
    yield { part: 'description', difference: textDifference(before.description, now.description) };
  for (const [key, part] of toolParts) {
    const [was, is] = [before[key], now[key]];
    if (JSON.stringify(was) !== JSON.stringify(is)) yield { part, difference: jsonDifference(was, is) };
  }
}

const toolParts = [
  ['inputSchema', 'schema'],
  ['outputSchema', 'output schema'],
  ['title', 'title'],
  ['annotations', 'annotations'],
] as const;

import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../../core/errors.ts';
import { shapeFault } from '../../core/record/shape.ts';
import { textOfBytes } from '../../core/text-bytes.ts';
import type { ContextCost } from './cost.ts';
import type { ToolName } from './names.ts';

/** A tool that is not what it was. */
export interface ToolChange extends ToolName {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: number;
  readonly after: number;
}

/** What came of servers since an earlier `--json`. */
export interface Against {
  readonly total: { readonly before: number; readonly after: number };
  readonly servers: readonly { readonly server: string; readonly before: number; readonly after: number }[];
  readonly tools: readonly ToolChange[];
}

/** An earlier cost, as far as it is compared. Throws `UsageError` where the file holds none. */
export function readCost(path: string): ContextCost {
  let cost: unknown;
  try {
    cost = JSON.parse(textOfBytes(readFileSync(path)));
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${messageOf(error)}). ${CURE}`, { cause: error });
  }
  const fault = shapeFault('contextCost', cost);
  if (fault !== null) throw new UsageError(`${path} holds no cost of a context: it ${fault}. ${CURE}`);
  return cost as ContextCost;
}

const CURE = 'Give a file that `toolstone context --json` has written.';

/** Why figures of two costs mean different things; undefined where they do not. */
export function incomparable(before: ContextCost, after: ContextCost): string | undefined {
  const told = (['form', 'names'] as const).filter((key) => before[key] !== after[key]);
  const flags = told.map((key) => `--${key} ${before[key]}`);
  const [one, other] = [before.tokenizer, after.tokenizer];
  if (one.hash !== other.hash) flags.unshift(`--tokenizer ${one.name}, and not ${other.name}`);
  return flags.length === 0
    ? undefined
    : `The earlier figures were counted otherwise: by ${flags.join(', ')}. Count both alike.`;
}

export function compareCosts(before: ContextCost, after: ContextCost): Against {
  const names = new Set([...before.servers, ...after.servers].map(({ name }) => name));
  // Of a server that did not start nothing is known, so that its tools are not gone.
  const unknown = new Set([...before.notStarted, ...after.notStarted].map(({ server }) => server));
  const compared = [...names].filter((name) => !unknown.has(name));
  const servers = compared.map((server) => ({
    server,
    before: serverOf(before, server)?.tokens ?? 0,
    after: serverOf(after, server)?.tokens ?? 0,
  }));
  const tools = compared.flatMap((server) => {
    const [was, is] = [before, after].map(
      (cost) => new Map((serverOf(cost, server)?.tools ?? []).map((tool) => [tool.name, tool])),
    ) as [Map<string, Tool>, Map<string, Tool>];
    return [...new Set([...was.keys(), ...is.keys()])].flatMap((tool): ToolChange[] => {
      const [one, other] = [was.get(tool), is.get(tool)];
      if (one?.hash === other?.hash) return [];
      const kind = !one ? 'added' : !other ? 'removed' : 'changed';
      return [{ server, tool, kind, before: one?.tokens ?? 0, after: other?.tokens ?? 0 }];
    });
  });
  return {
    total: { before: before.total, after: after.total },
    servers: servers.filter(
      ({ before: was, after: is, server }) => was !== is || tools.some((tool) => tool.server === server),
    ),
    tools: tools.sort((a, b) => growth(b) - growth(a)),
  };
}

const serverOf = (cost: ContextCost, name: string) => cost.servers.find((server) => server.name === name);

const growth = ({ before, after }: ToolChange): number => Math.abs(after - before);

type Tool = ContextCost['servers'][number]['tools'][number];

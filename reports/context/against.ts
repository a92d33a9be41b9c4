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
    const bytes = readFileSync(path);
    if (bytes.length > MOST_BYTES) throw new Error(`it is larger than ${MOST_BYTES / 2 ** 20} MiB`);
    cost = JSON.parse(textOfBytes(bytes));
  } catch (error) {
    throw new UsageError(`${path} cannot be read (${messageOf(error)}). ${CURE}`, { cause: error });
  }
  const fault = shapeFault('contextCost', cost);
  if (fault !== null) throw new UsageError(`${path} holds no cost of a context: it ${fault}. ${CURE}`);
  return cost as ContextCost;
}

/** Ten thousand tools take a third of it. */
const MOST_BYTES = 16 * 2 ** 20;
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
  const [were, are] = [before, after].map(({ servers }) => new Map(servers.map((one) => [one.name, one]))) as [
    Map<string, Server>,
    Map<string, Server>,
  ];
  // Of a server that did not start nothing is known, so that its tools are not gone.
  const unknown = new Set([...before.notStarted, ...after.notStarted].map(({ server }) => server));
  const names = [...new Set([...were.keys(), ...are.keys()])].filter((name) => !unknown.has(name));
  const compared = names.map((server) => {
    const [was, is] = [were.get(server), are.get(server)];
    const tools = changedTools(server, was?.tools ?? [], is?.tools ?? []);
    return { server, before: was?.tokens ?? 0, after: is?.tokens ?? 0, tools };
  });
  return {
    total: { before: before.total, after: after.total },
    servers: compared
      .filter(({ before: was, after: is, tools }) => was !== is || tools.length > 0)
      .map(({ server, before: was, after: is }) => ({ server, before: was, after: is })),
    tools: compared.flatMap(({ tools }) => tools).sort((a, b) => growth(b) - growth(a)),
  };
}

type Server = ContextCost['servers'][number];

function changedTools(server: string, before: Server['tools'], after: Server['tools']): ToolChange[] {
  const were = new Map(before.map((tool) => [tool.name, tool]));
  const are = new Map(after.map((tool) => [tool.name, tool]));
  return [...new Set([...were.keys(), ...are.keys()])].flatMap((tool): ToolChange[] => {
    const [was, is] = [were.get(tool), are.get(tool)];
    if (was?.hash === is?.hash) return [];
    const kind = !was ? 'added' : !is ? 'removed' : 'changed';
    return [{ server, tool, kind, before: was?.tokens ?? 0, after: is?.tokens ?? 0 }];
  });
}

const growth = ({ before, after }: ToolChange): number => Math.abs(after - before);

import type { Facts } from '../../core/facts.ts';

/** Something that is there: what it is, by which name it is the same thing before and after, and what it holds. */
export interface Thing {
  readonly server: string;
  readonly kind: string;
  readonly name: string;
  readonly content: string;
}

export interface ComparedThings {
  readonly start: readonly Thing[];
  readonly end: readonly Thing[];
  readonly added: readonly Thing[];
  readonly removed: readonly Thing[];
  /** At the end, with other content than at the start. */
  readonly altered: readonly Thing[];
}

/** How many parts after the kind make the name of a thing; the rest is its content. Of what is not listed all make it. */
const nameParts: Readonly<Record<string, number>> = {
  file: 1,
  folder: 1,
  entity: 1,
  task: 1,
  'task-priority': 1,
  'task-parent': 1,
  branch: 2,
  head: 1,
  tag: 2,
  cell: 3,
  table: 2,
  workbook: 2,
  repository: 2,
  declared: 3,
};

/** Marks of work in progress that people would not call things. */
const passing = new Set(['staged', 'unstaged']);

/** The things of two states of a world, and what became of them. */
export function comparedThings(startFacts: Facts, endFacts: Facts): ComparedThings {
  const [start, end] = [thingsIn(startFacts), thingsIn(endFacts)];
  const [before, after] = [byName(start), byName(end)];
  return {
    start,
    end,
    added: end.filter((one) => !before.has(nameOf(one))),
    removed: start.filter((one) => !after.has(nameOf(one))),
    altered: end.filter((one) => {
      const earlier = before.get(nameOf(one));
      return earlier !== undefined && earlier.content !== one.content;
    }),
  };
}

const nameOf = ({ server, kind, name }: Thing): string => JSON.stringify([server, kind, name]);
const byName = (things: readonly Thing[]) => new Map(things.map((one) => [nameOf(one), one]));

function thingsIn(facts: Facts): Thing[] {
  return Object.entries(facts).flatMap(([server, list]) =>
    list.flatMap((one): Thing[] => {
      const [kind = '', ...parts] = JSON.parse(one) as string[];
      if (passing.has(kind)) return [];
      const count = nameParts[kind] ?? parts.length;
      const rest = parts.slice(count).map((part) => (kind === 'file' ? part.trimEnd() : part));
      return [{ server, kind, name: parts.slice(0, count).join('\n'), content: rest.join('\n') }];
    }),
  );
}

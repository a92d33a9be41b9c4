import { identifierOf } from '../../core/identifiers.ts';
import type { Json } from '../../core/json.ts';
import type { PlannedCall } from '../../core/plan.ts';
import type { Visible } from '../../core/types.ts';
import type { Loop } from './loops.ts';
import { pathCode, referenceCode, valueCode, type Path } from './value-code.ts';

/** What a policy knows of servers and of what programs call them. */
export type Known = Pick<Visible, 'servers' | 'inProgram'>;

/** A call of a tool, whose arguments are known before the program runs. */
export type KnownCall = Pick<PlannedCall, 'server' | 'tool' | 'arguments'>;

/** Tells one argument of a plan from another. */
export const keyOf = (call: number, argument: Path): string => JSON.stringify([call, ...argument]);

/** The expression of a call, which promises its result. `given`: code of its arguments. */
export function promiseCode(
  { server, tool }: Pick<KnownCall, 'server' | 'tool'>,
  given: string,
  { inProgram = identifierOf }: Pick<Known, 'inProgram'>,
): string {
  // By its own name a tool is found, too, whatever others its server has.
  const method = identifierOf(tool) === tool ? `.${tool}` : `[${JSON.stringify(tool)}]`;
  return `${inProgram(server)}${method}(${given})`;
}

/** The expression of a call that awaits its result. */
export const callCode = (...of: Parameters<typeof promiseCode>): string => `await ${promiseCode(...of)}`;

export interface Names {
  /** The variable that keeps what a call returned. */
  readonly result: (place: number) => string;
  /** A variable, called like that where no server is. */
  readonly variable: (wanted: string) => string;
}

export function namesBeside(
  { servers, inProgram = identifierOf }: Known,
  calls: readonly Pick<PlannedCall, 'server'>[],
): Names {
  const taken = new Set([...servers.map(({ name }) => name), ...calls.map(({ server }) => server)].map(inProgram));
  const variable = (wanted: string): string => {
    const plain = identifierOf(wanted);
    return taken.has(plain) ? variable(`${plain}_`) : plain;
  };
  return { result: (place) => variable(`result${place + 1}`), variable };
}

/** A loop as its code. */
export function loopCode({ round, rounds, origins, list }: Loop, visible: Known, names: Names): string {
  const columns = columnsOf(origins, names);
  const item = names.variable('item');
  const codeOf = new Map(
    origins.map(({ place, argument, origin }) => {
      const key = keyOf(place, argument);
      if (origin.kind === 'given') return [key, columns.get(JSON.stringify(origin.values))?.name];
      if (origin.kind === 'item') return [key, referenceCode(item, { ...origin.reference, at: origin.at })];
      return [key, referenceCode(names.result(origin.reference.from), origin.reference)];
    }),
  );
  const own = new Set(origins.flatMap(({ origin }) => (origin.kind === 'result' ? [origin.reference.from] : [])));
  const calls = round.map((call) => {
    const code = callCode(
      call,
      valueCode(call.arguments, (path) => codeOf.get(keyOf(call.place, path))),
      visible,
    );
    return `${own.has(call.place) ? `const ${names.result(call.place)} = ` : ''}${code};`;
  });
  const each = list ? `const ${item} of ${listCode(list, rounds, names)}` : `const ${givenCode([...columns.values()])}`;
  return calls.length === 1 ? `for (${each}) ${calls[0]}` : `for (${each}) {\n  ${calls.join('\n  ')}\n}`;
}

function listCode({ reference, at, first }: NonNullable<Loop['list']>, rounds: number, names: Names): string {
  const { of } = reference.at[at.length] as { readonly of: number };
  const all = pathCode(names.result(reference.from), at);
  return rounds === of ? all : `${all}.slice(${first}, ${first + rounds})`;
}

/** What a variable of a loop is in each round. */
interface Column {
  readonly name: string;
  readonly values: readonly Json[];
}

/** A variable for all arguments that have the same values, called like the first of them. By their values as JSON. */
function columnsOf(origins: Loop['origins'], { variable }: Names): ReadonlyMap<string, Column> {
  const columns = new Map<string, Column>();
  for (const { argument, origin } of origins) {
    if (origin.kind !== 'given' || columns.has(JSON.stringify(origin.values))) continue;
    const wanted = variable(argument.findLast((key) => typeof key === 'string') ?? 'given');
    const used = new Set([...columns.values()].map(({ name }) => name));
    let name = wanted;
    for (let number = 2; used.has(name); number++) name = `${wanted}_${number}`;
    columns.set(JSON.stringify(origin.values), { name, values: origin.values });
  }
  return columns;
}

function givenCode(columns: readonly Column[]): string {
  const [first, ...others] = columns;
  if (first && others.length === 0) return `${first.name} of ${writtenDown(first.values)}`;
  const rows = first?.values.map((_, row) => columns.map(({ values }) => values[row] as Json)) ?? [];
  return `[${columns.map(({ name }) => name).join(', ')}] of ${writtenDown(rows)}`;
}

const writtenDown = (value: Json): string => valueCode(value, () => undefined);

import type { PlannedCall, References } from '../../core/plan.ts';
import { callCode, keyOf, loopCode, namesBeside, type Known } from './call-code.ts';
import { isSure, loopAt, sizeOf, type NumberedCall } from './loops.ts';
import { referenceCode, valueCode, type Path } from './value-code.ts';

export interface PlanProgramOptions {
  readonly plan: readonly PlannedCall[];
  /** The first call of the program, and the one behind its last, by their places in the plan. Default: the whole plan. */
  readonly first?: number;
  readonly end?: number;
  /** Default: none, so that all arguments are written down. */
  readonly references?: References;
  /** Calls whose results earlier programs of the episode keep. Default: none. */
  readonly kept?: ReadonlySet<number>;
  /** What the policy knows of servers, which decides what each is called. */
  readonly visible: Known;
}

export interface PlanProgram {
  readonly code: string;
  /** `kept` with those that this program keeps. */
  readonly kept: ReadonlySet<number>;
}

/**
 * A program that carries out calls of a plan in their order. Calls that come again and again become a loop, over a list in an earlier
 * result or over values that are written down. What an earlier result is known to hold is taken from it, the answer included.
 */
export function planProgram(given: PlanProgramOptions): PlanProgram {
  const options = { first: 0, end: given.plan.length, references: [], kept: new Set<number>(), ...given };
  // Written twice, so that no result is kept that nothing takes.
  const { used } = written(options, () => true);
  const { code, kept } = written(options, (place) => used.has(place) || isTakenLater(place, options));
  return { code, kept };
}

const isTakenLater = (place: number, { references, end }: Required<PlanProgramOptions>): boolean =>
  references.some(({ from, call }) => from === place && call >= end);

function written(options: Required<PlanProgramOptions>, isWanted: (place: number) => boolean) {
  const { plan, first, end, visible, references } = options;
  const names = namesBeside(visible, plan.slice(first, end));
  const byArgument = new Map(references.map((one) => [keyOf(one.call, one.argument), one]));
  const [kept, used] = [new Set(options.kept), new Set<number>()];
  const lines: string[] = [];
  const knownOf = (call: number, argument: Path, start = Infinity) => {
    const reference = byArgument.get(keyOf(call, argument));
    return reference && (reference.from >= start || kept.has(reference.from)) ? reference : undefined;
  };
  const taken = (call: number, argument: Path) => {
    const reference = knownOf(call, argument);
    if (!reference || !isSure(reference.at)) return undefined;
    used.add(reference.from);
    return referenceCode(names.result(reference.from), reference);
  };
  for (let place = first; place < end;) {
    const start = place;
    const calls = plan.slice(start, end).map((call, index): NumberedCall => ({ ...call, place: start + index }));
    const loop = loopAt(calls, (call, argument) => knownOf(call, argument, start));
    if (loop) {
      lines.push(loopCode(loop, visible, names));
      for (const { origin } of loop.origins) if (origin.kind !== 'given') used.add(origin.reference.from);
      place += sizeOf(loop);
      continue;
    }
    const [call] = calls as [NumberedCall];
    const code = callCode(
      call,
      valueCode(call.arguments, (path) => taken(start, path)),
      visible,
    );
    lines.push(isWanted(start) ? `const ${names.result(start)} = ${code};` : `${code};`);
    if (isWanted(start)) kept.add(start);
    place++;
  }
  lines.push(`return ${(end === plan.length ? taken(end, []) : undefined) ?? "'done'"};`);
  return { code: lines.join('\n'), kept, used };
}

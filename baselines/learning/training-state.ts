import { UsageError } from '../../core/errors.ts';
import type { Optimiser, Parameters } from '../../core/tensor/optimiser.ts';

/** What a learner keeps besides weights and moments; numbers only, restored exactly. */
export type TrainingNumbers = Readonly<Record<string, number | readonly number[]>>;

interface Header {
  readonly network: string;
  readonly steps: number;
  readonly numbers: TrainingNumbers;
}

/** Layout: one JSON line, then weights and both Adam moments as little-endian f32. */
export function encodeState(parameters: Parameters, optimiser: Optimiser, numbers: TrainingNumbers): Uint8Array {
  const header: Header = { network: parameters.signature, steps: optimiser.steps(), numbers };
  const floats = new Float32Array(parameters.count * 3);
  floats.set(parameters.values);
  floats.set(optimiser.moments, parameters.count);
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.from(floats.buffer)]);
}

/** Puts a saved state back and returns its numbers. Throws `UsageError` on a state of another network. */
export function decodeState(state: Uint8Array, parameters: Parameters, optimiser?: Optimiser): TrainingNumbers {
  const end = state.indexOf(10);
  const header = headerOf(state.subarray(0, Math.max(end, 0)));
  const body = state.subarray(end + 1);
  if (header?.network !== parameters.signature || body.byteLength !== parameters.count * 12)
    throw new UsageError(
      'These weights belong to another network than this version’s pointer policy. ' +
        'Train a new policy, or use the Toolstone version that wrote them.',
    );
  const { steps, numbers } = header;
  if (!Number.isInteger(steps) || steps < 0 || !isNumbers(numbers)) throw new UsageError(damaged);
  const floats = new Float32Array(Uint8Array.from(body).buffer);
  parameters.values.set(floats.subarray(0, parameters.count));
  optimiser?.moments.set(floats.subarray(parameters.count));
  optimiser?.setSteps(steps);
  return numbers;
}

const damaged =
  'The numbers in this training state are not those of a learner: the file was changed. ' +
  'Delete the checkpoint to train that job again from its start.';

const isNumbers = (numbers: unknown): numbers is TrainingNumbers =>
  typeof numbers === 'object' &&
  numbers !== null &&
  Object.values(numbers).every((one) => [one].flat().every((number) => typeof number === 'number'));

/** A number of a state. Throws `UsageError` where it has none of that name. */
export function numberIn(numbers: TrainingNumbers, name: string): number {
  const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (typeof number !== 'number') throw new UsageError(damaged);
  return number;
}

/** As many numbers of a state. Throws `UsageError` where it has not so many of that name. */
export function numbersIn(numbers: TrainingNumbers, name: string, count: number): readonly number[] {
  const list = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (!Array.isArray(list) || list.length !== count) throw new UsageError(damaged);
  return list as readonly number[];
}

function headerOf(line: Uint8Array): Header | undefined {
  try {
    return JSON.parse(Buffer.from(line).toString()) as Header;
  } catch {
    return undefined;
  }
}

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
  const floats = new Float32Array(Uint8Array.from(body).buffer);
  parameters.values.set(floats.subarray(0, parameters.count));
  optimiser?.moments.set(floats.subarray(parameters.count));
  optimiser?.setSteps(header.steps);
  return header.numbers;
}

function headerOf(line: Uint8Array): Header | undefined {
  try {
    return JSON.parse(Buffer.from(line).toString()) as Header;
  } catch {
    return undefined;
  }
}

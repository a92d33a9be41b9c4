import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf, UsageError } from '../../core/errors.ts';
import { reachOf } from '../../core/identity/reach.ts';
import { moduleEnding } from '../../core/list.ts';
import { ownNames, sharedNames } from './encode.ts';
import { makeJudgeNetwork, type JudgeNetwork } from './network.ts';
import type { Line } from './platt.ts';

/** The weights that come with Toolstone; `toolstone judge-train` makes them anew, byte for byte. */
export const ownWeights = new URL('./weights.json', import.meta.url);

/** A trained judge: network and calibration. `build` is the hash of weights and code, which verdicts and stamps carry. */
export interface TrainedJudge {
  readonly network: JudgeNetwork;
  readonly line: Line;
  readonly build: string;
}

const form = 'toolstone embedded judge 1';

/** What both sides must have in common for weights to mean the same. */
const signatureOf = ({ parameters }: JudgeNetwork): string =>
  createHash('sha256')
    .update(JSON.stringify([parameters.signature, sharedNames, ownNames]))
    .digest('hex');

const hashOf = (bytes: Uint8Array, line: Line): string =>
  createHash('sha256').update(bytes).update(JSON.stringify(line)).digest('hex');

/** The file's text: JSON with the weights as base64 of 32-bit floats. Equal judges give equal bytes. */
export function weightsText(network: JudgeNetwork, { slope, offset }: Line): string {
  const { values } = network.parameters;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const line = { slope, offset };
  const head = { form, signature: signatureOf(network), sha256: hashOf(bytes, line), line };
  return `${JSON.stringify({ ...head, weights: Buffer.from(bytes).toString('base64') }, null, 2)}\n`;
}

const cure = 'Make it anew with `toolstone judge-train`.';

interface WeightsFile {
  readonly form: string;
  readonly signature: string;
  readonly sha256: string;
  readonly line: Line;
  readonly weights: string;
}

/** Hash of everything that decides what is read out of a trajectory, and what is made of it. */
const readerHash = (): string => reachOf([new URL(`./judge${moduleEnding}`, import.meta.url)]).hash;

/** @throws UsageError for a file that is missing, damaged, or of a network with other inputs. */
export function readWeights(path: URL | string): TrainedJudge {
  const name = typeof path === 'string' ? path : 'of Toolstone itself';
  try {
    return parseWeights(readFileSync(path, 'utf8'), name);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`Cannot read the weights ${name}: ${messageOf(error)}. ${cure}`, { cause: error });
  }
}

/** The judge in a file's text; `name` is what faults call it. Throws `UsageError` like `readWeights`. */
export function parseWeights(text: string, name: string): TrainedJudge {
  let file: WeightsFile;
  try {
    file = JSON.parse(text) as WeightsFile;
  } catch (error) {
    throw new UsageError(`The file ${name} is no JSON: ${messageOf(error)}. ${cure}`, { cause: error });
  }
  if (file?.form !== form || typeof file.weights !== 'string') {
    throw new UsageError(`The file ${name} holds no weights of an embedded judge. ${cure}`);
  }
  const network = makeJudgeNetwork(0);
  const bytes = new Uint8Array(Buffer.from(file.weights, 'base64'));
  const { values } = network.parameters;
  if (file.signature !== signatureOf(network) || bytes.length !== values.byteLength) {
    throw new UsageError(`The weights ${name} are those of a judge that reads other things than this one. ${cure}`);
  }
  if (hashOf(bytes, file.line) !== file.sha256) throw new UsageError(`The weights ${name} are damaged. ${cure}`);
  values.set(new Float32Array(bytes.buffer, bytes.byteOffset, values.length));
  return {
    network,
    line: file.line,
    build: `weights ${file.sha256.slice(0, 12)}, source ${readerHash().slice(0, 12)}`,
  };
}

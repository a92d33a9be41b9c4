import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JudgeIdentity } from '../../core/calibration-types.ts';

/** Files that decide what the code judge says, but for the facts of `core/`. */
const codeFiles = [
  './code-judge',
  './measures',
  '../truth/argument-match',
  '../truth/goal',
  '../truth/checks',
  '../truth/text-test',
];

/** What tells the code judge from that of other versions. */
export function codeIdentity(): JudgeIdentity {
  const hash = createHash('sha256');
  for (const name of codeFiles) {
    hash.update(readFileSync(new URL(`${name}${import.meta.url.slice(-3)}`, import.meta.url)));
  }
  return { name: 'code', build: `source ${hash.digest('hex').slice(0, 12)}`, prompt: null };
}

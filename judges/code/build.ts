import type { JudgeIdentity } from '../../core/calibration-types.ts';
import { moduleEnding } from '../../core/list.ts';
import { reachOf } from '../../core/identity/reach.ts';

/** What tells the code judge from that of other versions: a hash of all that decides what it says. */
export function codeIdentity(): JudgeIdentity {
  const { hash } = reachOf([new URL(`./code-judge${moduleEnding}`, import.meta.url)]);
  return { name: 'code', build: `source ${hash.slice(0, 12)}`, prompt: null };
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attackStamp, isSameJudge } from '../../core/record/attack-stamp.ts';
import type { AttackRates, AttackStamp, JudgeIdentity } from '../../core/calibration-types.ts';

let known: readonly AttackStamp[] | undefined;

/**
 * How often attacks get past a judge, by what has been measured of just this build: the files `attacks.json` below
 * `reports/reference/experiments`. `null`: nobody has.
 */
export function measuredAttacks(judge: JudgeIdentity): AttackStamp | null {
  known ??= committed();
  return known.find((one) => isSameJudge(one, judge)) ?? null;
}

function committed(): AttackStamp[] {
  const folder = fileURLToPath(new URL('../../judges', import.meta.url));
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === 'attacks.json')
    .map(({ parentPath }) => join(parentPath, 'attacks.json'))
    .sort()
    .map((path) => attackStamp(JSON.parse(readFileSync(path, 'utf8')) as AttackRates));
}

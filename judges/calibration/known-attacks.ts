import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attackStamp } from '../../core/record/attack-stamp.ts';
import type { AttackRates, AttackStamp } from '../../core/calibration-types.ts';

/** How often attacks get past the judges that come with Toolstone: the files `attacks.json` beside those judges. */
export default function knownAttacks(): AttackStamp[] {
  return readdirSync(fileURLToPath(new URL('..', import.meta.url)), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name === 'attacks.json')
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path) => attackStamp(JSON.parse(readFileSync(path, 'utf8')) as AttackRates));
}

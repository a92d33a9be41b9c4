import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Run by `npm pack` after the compiler: copies what the code reads at run time (`.md`, `.json`, `.cjs`) beside it. */
for (const folder of ['core', 'envs', 'suites', 'judges', 'baselines', 'reports']) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (
      entry.isFile() &&
      /\.(md|json|cjs)$/.test(entry.name) &&
      !/^reports.(runs|reference.(experiments(?!.embedded-judge.calibration\.json)|gate))/.test(path)
    ) {
      cpSync(path, join('dist', path));
    }
  }
}

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeNamed } from '../../judges/judge.ts';

/** Run by `npm pack` after the compiler: copies what the code reads at run time (`.md`, `.json`, `.cjs`) beside it. */
const attacks: string[] = [];
for (const folder of ['core', 'envs', 'suites', 'judges', 'baselines', 'reports']) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (
      entry.isFile() &&
      /\.(md|json|cjs)$/.test(entry.name) &&
      !/^reports.(runs|reference.(experiments(?!.(embedded-judge.calibration|[^/\\]+.attacks)\.json)|gate))/.test(path)
    ) {
      cpSync(path, join('dist', path));
      if (entry.name === 'attacks.json') attacks.push(join('dist', path));
    }
  }
}

// A judge's build is a hash of its code as it runs: what was measured of the source holds of what was compiled from it.
const module = new URL('../../dist/judges/judge.js', import.meta.url).href;
const compiled = (await import(module)) as { readonly judgeNamed: typeof judgeNamed };
for (const name of ['code', 'embedded']) {
  const [source, packed] = await Promise.all([judgeNamed(name), compiled.judgeNamed(name)]);
  for (const path of attacks)
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replaceAll(JSON.stringify(source.build), JSON.stringify(packed.build)),
    );
}

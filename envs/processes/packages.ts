import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../../core/errors.ts';

export interface InstalledPackage {
  readonly version: string;
  /** The package's own folder, and the `node_modules` that holds it. */
  readonly folder: string;
  readonly root: string;
  /** The same without symbolic links, which some package managers use. */
  readonly realRoot: string;
}

const packages = new Map<string, InstalledPackage>();

/** Finds an installed npm package by walking up from this file, which works whatever its `exports` say. */
export function installedPackage(name: string): InstalledPackage {
  const cached = packages.get(name);
  if (cached) return cached;
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const root = join(at, 'node_modules');
    const manifest = join(root, name, 'package.json');
    if (existsSync(manifest)) {
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
      const folder = join(root, name);
      const realRoot = realpathSync(folder).replace(/(node_modules)(?!.*[/\\]node_modules).*$/, '$1');
      const result = { version, folder, root, realRoot };
      packages.set(name, result);
      return result;
    }
    if (at === dirname(at)) throw new UsageError(`The package ${name} is not installed. Run "npm ci" and try again.`);
  }
}

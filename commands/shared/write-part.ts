import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, UsageError } from '../../core/errors.ts';
import { fileOfPackage } from './version.ts';

/** What `toolstone new` writes. */
export type PartKind = 'policy' | 'judge' | 'learner' | 'server' | 'verifier' | 'family';

export interface PartRequest {
  readonly kind: PartKind;
  readonly name: string;
  readonly out?: string | undefined;
}

/**
 * Writes a part to begin with: the example of the documentation, or for a family the smallest of the house, by another name.
 * Throws `UsageError` where the name is none, something is there already, or a family has no list to go to or is sent elsewhere.
 */
export function writePart({ kind, name, out }: PartRequest): {
  readonly files: readonly string[];
  readonly next: string;
} {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name))
    throw new UsageError(
      `"${name}" is not a valid name for a ${kind}. Use lower-case letters, digits and hyphens, beginning with a letter.`,
    );
  const isFamily = kind === 'family';
  if (isFamily && out !== undefined)
    throw new UsageError('A task family is written into its list in the repository, suites/families: leave out --out.');
  const folder = isFamily ? familiesFolder() : (out ?? '.');
  const [source, called] = isFamily
    ? ([join(folder, 'micro-create'), 'micro-create'] as const)
    : ([fileURLToPath(fileOfPackage(`docs/examples/parts/${kind}`)), `my-${kind}`] as const);
  const endings = isFamily ? ['.ts', '.json'] : ['.ts'];
  const files = endings.map((ending) => join(folder, `${name}${ending}`));
  const there = files.find((file) => existsSync(file));
  if (there !== undefined)
    throw new UsageError(`${there} is already there. Choose another name, or move the file away.`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const [index, ending] of endings.entries())
      writeFileSync(files[index] as string, readFileSync(`${source}${ending}`, 'utf8').replaceAll(called, name));
  } catch (error) {
    throw new UsageError(`${folder} cannot be written to: ${messageOf(error)}. Name another folder with --out.`, {
      cause: error,
    });
  }
  return { files, next: nextOf(kind, name, pathOf(files[0] as string)) };
}

/** Families are parts of suites, and those lie in the repository. */
function familiesFolder(): string {
  if (existsSync('suites/families/micro-create.ts') && existsSync('toolstone.ts')) return 'suites/families';
  throw new UsageError(
    'A task family is part of a suite, and suites are part of the repository. Run the command in the root folder of a clone, ' +
      'or write tasks of your own into a file, which needs no clone (docs/own-tasks.md).',
  );
}

/** As a command takes it: a path is known by its beginning. */
const pathOf = (file: string): string => (resolve(file) === file ? file : `./${file}`);

const nextOf = (kind: PartKind, name: string, path: string): string =>
  ({
    policy: `Next: toolstone run --policy ${path} --suite micro --limit 4`,
    judge: `Next: toolstone judge RUN --judge ${path}`,
    learner: `Next: toolstone train --algorithm ${path} --episodes 640`,
    server: `Next: name it in a task file, \`mcpServers: { ${name}: { module: ${path} } }\` (docs/own-parts.md).`,
    verifier: `Next: name it in a task file, \`checks: [{ verifier: ${path} }]\` (docs/own-parts.md).`,
    family: `Next: write its words into ${name}.json, name it in a suite, and run npm test (CONTRIBUTING.md).`,
  })[kind];

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { moduleEnding, modulesIn } from '../list.ts';
import { libraryModule } from '../own-module.ts';
import { formOf, keepForms } from './form-cache.ts';
import type { Edge } from './normal-form.ts';

/**
 * All that these modules are made of: they themselves, the modules that they import, data and scripts that they name by
 * `new URL('FILE', import.meta.url)`, members of lists that they load whole (`listIn(FOLDER).loadAll()`), and packages by
 * name and installed version. Members that are loaded by name count only where they are among `entries`, and so do
 * modules whose path is put together as the code runs.
 */
export interface Reach {
  /** SHA-256 (hex); the same wherever the files lie, in source and compiled. */
  readonly hash: string;
  /** Paths, sorted. */
  readonly files: readonly string[];
}

const moduleEndings = new Set(['.ts', '.js', '.mts', '.mjs', '.cjs']);

/** @throws Error where an entry is no file; `SyntaxError` where a module cannot be parsed. */
export function reachOf(entries: readonly URL[]): Reach {
  const owed = entries.map(({ href }) => href);
  const nodes = new Map<string, ReachedFile>();
  for (let href = owed.pop(); href !== undefined; href = owed.pop()) {
    if (nodes.has(href)) continue;
    const node = readReached(new URL(href));
    nodes.set(href, node);
    owed.push(...node.ways.flatMap(({ href: next }) => next ?? []));
  }
  keepForms();
  const lines = [...nodes.values()].map(({ hash, ways }) => {
    const named = ways.map(({ as, href, text }) => `${as} ${text ?? nodes.get(href ?? '')?.hash ?? ''}`);
    return [hash, ...named.sort()].join('\n');
  });
  const hash = createHash('sha256')
    .update([...new Set(lines)].sort().join('\n\n'))
    .digest('hex');
  return { hash, files: [...nodes.keys()].map((href) => fileURLToPath(href)).sort() };
}

interface ReachedFile {
  /** SHA-256 (hex) of a module's normal form or of the content of data. */
  readonly hash: string;
  readonly ways: readonly Way[];
}

/** An edge as it stands in a file system: to a file, or to something that a text says wholly. */
interface Way {
  readonly as: string;
  readonly href?: string;
  readonly text?: string;
}

function readReached(file: URL): ReachedFile {
  const ending = extname(file.pathname);
  const bytes = readFileSync(file);
  if (!moduleEndings.has(ending)) return { hash: hashOf(ending === '.json' ? withoutLayout(bytes) : bytes), ways: [] };
  const { hash, edges } = formOf(bytes, ending);
  return { hash, ways: edges.flatMap((edge) => waysOf(edge, file)) };
}

const hashOf = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

const withoutLayout = (bytes: Uint8Array): string => JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)));

function waysOf({ kind, to, as }: Edge, from: URL): Way[] {
  if (kind === 'members') {
    const folder = new URL(to, from);
    return modulesIn(folder).map((name) => ({
      as: `${as} ${name}`,
      href: new URL(`${name}${moduleEnding}`, folder).href,
    }));
  }
  if (isBuiltin(to)) return [{ as, text: to }];
  // A user's own module that takes more than types from us hangs on all that we offer.
  const library = to === 'toolstone' ? libraryModule() : undefined;
  if (library) return [{ as, href: library.href }];
  if (/^[@\w]/.test(to) && !existsSync(new URL(to, from))) return [{ as, text: packageText(to, from) }];
  const href = fileMeant(new URL(to, from));
  return [href === undefined ? { as, text: 'no file' } : { as, href }];
}

/** A file as it is named; compiled, `.ts` stands for `.js`; where no ending is named it is that of our modules. */
function fileMeant(named: URL): string | undefined {
  const { href } = named;
  const choices = [href, href.replace(/\.ts$/, moduleEnding), `${href}${moduleEnding}`];
  return choices.find((choice) => statSync(new URL(choice), { throwIfNoEntry: false })?.isFile());
}

/** e.g. `acorn@8.19.0` of `acorn` or of a file in it, as installed next above a module. */
function packageText(specifier: string, from: URL): string {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  for (let folder = new URL('.', from); ; folder = new URL('..', folder)) {
    const file = new URL(`node_modules/${name}/package.json`, folder);
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
      return `${name}@${version}`;
    }
    if (folder.pathname === '/') return `${name}@none`;
  }
}

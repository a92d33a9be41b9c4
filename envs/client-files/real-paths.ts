import { existsSync, statSync } from 'node:fs';
import { basename, extname, isAbsolute, join, resolve } from 'node:path';
import { copyFiles, realFiles, type RealFiles, wholeRoom } from './real-files.ts';
import { absolute, isPath } from './places.ts';
import type { Parts } from './substitution.ts';

/** Where the system and its programs lie, which no server of a user's plays with. */
const SYSTEM_FOLDERS = ['/bin', '/sbin', '/usr', '/lib', '/lib32', '/lib64', '/etc', '/opt', '/nix', '/proc', '/sys'];
const FURTHER_SYSTEM_FOLDERS = ['/System', '/Library', '/Applications', '/snap', '/gnu', '/dev/fd'];
const SYSTEM_FILES = ['null', 'zero', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'tty'].map(
  (one) => `/dev/${one}`,
);

const PROGRAM_ENDINGS = new Set(
  [
    '.js',
    '.mjs',
    '.cjs',
    '.ts',
    '.mts',
    '.cts',
    '.py',
    '.pyz',
    '.rb',
    '.sh',
    '.bash',
    '.pl',
    '.php',
    '.lua',
    '.jar',
  ].concat(['.dll', '.exe', '.wasm', '.phar']),
);

/** Variables that tell programs where their own parts lie. */
const PROGRAM_VARIABLE =
  /^(PATH|SHELL|TERM|LANG|DISPLAY|XAUTHORITY|VIRTUAL_ENV|JAVA_HOME|GOROOT|GOPATH|GOCACHE|XDG_CACHE_HOME|PLAYWRIGHT_BROWSERS_PATH|PUPPETEER_\w+|CHROME_\w+|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|(npm_config|NPM_CONFIG|UV|PIP|NODE|NVM|CARGO|RUSTUP|DENO|BUN|CONDA|LD|DYLD|SSL|GIT_SSL)_\w+|PYTHON\w+)$/;

/** Keeps real files out of a world, or copies of them in it. */
export interface RealPaths {
  /** The text with each path of it outside the world put into the world; `isArgument`: it may name the server's own script. */
  readonly placed: (text: string, isArgument: boolean) => Parts;
  /** The same for a whole path. */
  readonly placedPath: (path: string) => Parts;
  /** What a server starts from, in an empty folder; absent where nothing was copied. */
  readonly prepare: () => ((folder: string) => void) | undefined;
  /** What was done, a sentence each without an end. */
  readonly notes: readonly string[];
  /** Paths that are used as they are. */
  readonly asTheyAre: readonly string[];
}

/** `base`: folder from which relative paths count. `refuse` is told of what can be neither copied nor passed over. */
export function realPaths(
  base: string,
  {
    hasFolder,
    isReal,
    refuse,
  }: { readonly hasFolder: boolean; readonly isReal: boolean; readonly refuse: (what: string) => void },
): RealPaths {
  const copies = new Map<string, { readonly name: string; readonly files: RealFiles | null }>();
  const notes: string[] = [];
  const asTheyAre: string[] = [];
  const room = wholeRoom();

  const placedPath = (path: string): Parts => {
    const real = absolute(path, base);
    if (isReal) {
      asTheyAre.push(real);
      return [real];
    }
    const name = copies.get(real)?.name ?? take(real);
    return name === undefined ? [real] : [null, `/${name}`];
  };
  const take = (real: string): string | undefined => {
    const name = nameFor(real, new Set([...copies.values()].map((copy) => copy.name)));
    if (!existsSync(real)) {
      copies.set(real, { name, files: null });
      notes.push(`${real} is not there, and {FOLDER}/${name} is used in its place`);
      return name;
    }
    const files = realFiles(real, room);
    if ('fault' in files) {
      const cure = 'Name another, or {FOLDER}, or play with what is there by --real';
      refuse(`${real} lies outside the server's world and ${files.fault}. ${cure}`);
      return undefined;
    }
    copies.set(real, { name, files });
    const count = files.files.filter(({ path }) => !path.endsWith('/')).length;
    const without = files.leftOut === 0 ? '' : `, without ${counted(files.leftOut, 'link')} and the like`;
    const size = `${counted(count, 'file')}, ${counted(files.bytes, 'byte')}${without}`;
    notes.push(`${real} is copied into its world as {FOLDER}/${name} (${size})`);
    return name;
  };
  /** Whether a word without `./` means what lies there: a client that sets no folder starts most servers in that of its file. */
  const isNamed = (text: string): boolean => {
    const real = resolve(base, text);
    if (text === '' || text.startsWith('-') || !existsSync(real)) return false;
    if (hasFolder || text.includes('/') || isFile(real)) return true;
    // The word after `run` is seldom a folder, and what a program calls `.` is the server's own.
    const note = `"${text}" is passed as it is; to have the folder ${real} copied, write ./${text}`;
    if (text !== '.' && !notes.includes(note)) notes.push(note);
    return false;
  };
  const placedOne = (text: string, isArgument: boolean): Parts => {
    const isRelative = /^\.{1,2}\//.test(text) || (!isPath(text) && isNamed(text));
    if (!isPath(text) && !isRelative) return [text];
    const real = absolute(text, base);
    return isProgram(real, isArgument) ? [isRelative ? real : text] : placedPath(text);
  };
  const placed = (text: string, isArgument: boolean): Parts => {
    const [, before = '', rest = text] =
      /^((?:--?[\w-]+=)?(?:file:\/\/(?=\/)|sqlite:\/{3}(?=\/))?)(.*)$/s.exec(text) ?? [];
    const list = rest.split(/([,:;])/);
    const isList = list.length > 1 && list.every((one, index) => index % 2 === 1 || isAbsolute(one));
    const pieces = isList
      ? list.flatMap((one, index) => (index % 2 === 1 ? [one] : placedOne(one, isArgument)))
      : placedOne(rest, isArgument);
    return [before, ...pieces].filter((part) => part !== '');
  };
  return {
    placed,
    placedPath,
    notes,
    asTheyAre,
    prepare: () => {
      const all = [...copies.values()];
      if (all.every(({ files }) => files === null)) return undefined;
      return (folder) => {
        for (const { name, files } of all) if (files) copyFiles(files, join(folder, name));
      };
    },
  };
}

/** Whether a variable of the environment tells where programs lie. */
export const isProgramVariable = (name: string): boolean => PROGRAM_VARIABLE.test(name);

/** Name of a path's copy: its own, with a number where another has that. */
function nameFor(path: string, taken: ReadonlySet<string>): string {
  const wanted = basename(path) || 'root';
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    if (!taken.has(name)) return name;
  }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A part of the system, of a package, or where it may be one the script of the server itself. */
function isProgram(path: string, isArgument: boolean): boolean {
  if ([...SYSTEM_FOLDERS, ...FURTHER_SYSTEM_FOLDERS].some((folder) => isBelow(path, folder))) return true;
  if (SYSTEM_FILES.includes(path) || path.split('/').includes('node_modules')) return true;
  return isScript(path, isArgument);
}

const isScript = (path: string, isArgument: boolean): boolean =>
  isArgument && PROGRAM_ENDINGS.has(extname(path).toLowerCase()) && isFile(path);

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

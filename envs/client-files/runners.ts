import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { keepProgram, ownServerChoice, type ResolvedProgram } from './choice.ts';
import type { Environment } from './substitution.ts';

/** A command line that has a runner fetch a package and start its program. */
export interface Run {
  readonly runner: 'npx' | 'uvx';
  /** Options of the runner but for the packages. */
  readonly options: readonly string[];
  readonly packages: readonly string[];
  /** Absent where it has the package's own name. */
  readonly program: string | undefined;
  /** Where in the whole list of arguments those of the program begin. */
  readonly rest: number;
}

interface Runner {
  readonly packageFlags: readonly string[];
  /** Those that a value follows. */
  readonly valued: readonly string[];
  readonly silent: readonly string[];
  readonly unresolvable: readonly string[];
}

const RUNNERS: Readonly<Record<Run['runner'], Runner>> = {
  npx: {
    packageFlags: ['-p', '--package'],
    valued: ['--registry', '--cache', '--userconfig'],
    silent: ['-y', '--yes'],
    unresolvable: ['-c', '--call'],
  },
  uvx: {
    packageFlags: ['--from'],
    valued: ['--with', '-w', '--python', '-p', '--index-url', '-i', '--index', '--extra-index-url', '--with-editable'],
    silent: [],
    unresolvable: [],
  },
};

/** Reads `npx -y PACKAGE …`, `uvx PACKAGE …` and the like; `undefined` for any other command. */
export function runOf(command: string, args: readonly string[]): Run | undefined {
  const runner = basename(command).replace(/\.(?:cmd|exe)$/i, '');
  if (runner !== 'npx' && runner !== 'uvx') return undefined;
  const { packageFlags, valued, silent, unresolvable } = RUNNERS[runner];
  const options: string[] = [];
  const packages: string[] = [];
  let at = 0;
  for (; at < args.length && args[at]?.startsWith('-'); at++) {
    const arg = args[at] as string;
    const [, flag = arg, value] = /^(--[^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (arg === '--') {
      at++;
      break;
    }
    if (unresolvable.includes(flag)) return undefined;
    if (packageFlags.includes(flag)) packages.push(value ?? args[++at] ?? '');
    else if (valued.includes(flag) && value === undefined) options.push(arg, args[++at] ?? '');
    else if (!silent.includes(arg)) options.push(arg);
  }
  const first = args[at];
  if (first === undefined || packages.includes('')) return undefined;
  if (packages.length > 0) return { runner, options, packages, program: first, rest: at + 1 };
  return { runner, options, packages: [first], program: undefined, rest: at + 1 };
}

/** `@scope/name@1.2` → `@scope/name`; '' of an address or a path. */
const nameOf = (spec: string): string => /^(?![./~]|\w+:)(@[^/@\s]+\/[^/@\s]+|[^/@\s=<>~![]+)/.exec(spec)?.[1] ?? '';

/**
 * The program itself, once a run for each command line: what the runner would look up anew at every start. It is asked in
 * `folder`.
 * @throws Error whose message says why there is none.
 */
export function resolvedProgram(run: Run, folder: string, environment: Environment): ResolvedProgram {
  const key = JSON.stringify([folder, run.runner, run.options, run.packages, run.program ?? null]);
  const known = ownServerChoice().programs[key];
  if (known) return known;
  const program = run.runner === 'npx' ? ofNpx(run, folder, environment) : ofUvx(run, folder, environment);
  keepProgram(key, program);
  return program;
}

const MOST_MILLISECONDS = 300_000;

/** Has the runner get its packages and then do one thing among their programs; gives its last line. */
function asked(run: Run, args: readonly string[], folder: string, environment: Environment): string {
  const { status, stdout, stderr, error } = spawnSync(run.runner, args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    timeout: MOST_MILLISECONDS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const line = (stdout ?? '').trim().split('\n').at(-1) ?? '';
  if (status === 0 && line !== '') return line;
  const said = (stderr ?? '').trim().split('\n').slice(-3).join(' | ').slice(-400);
  const why = error === undefined ? said || `it ended with code ${status}` : messageOf(error);
  throw new Error(
    `${run.runner} did not get ${run.packages.join(', ')} (${why}). Go online and try again, or install the package and ` +
      'name its program as the command',
  );
}

/* ---- npx ---- */

function ofNpx(run: Run, folder: string, environment: Environment): ResolvedProgram {
  const packages = run.packages.flatMap((spec) => ['--package', spec]);
  const path = asked(run, ['--yes', ...run.options, ...packages, '-c', 'echo "$PATH"'], folder, environment);
  const name = nameOf(run.packages[0] as string);
  for (const programs of path.split(':').filter((one) => one.endsWith('node_modules/.bin'))) {
    const modules = dirname(programs);
    const packageName = name === '' ? onlyDependency(modules) : name;
    const manifest = packageName === undefined ? undefined : manifestIn(join(modules, packageName));
    if (packageName === undefined || manifest === undefined) continue;
    const program = run.program ?? programOf(packageName, manifest);
    if (program === undefined)
      throw new Error(`${packageName} has several programs: say which by npx --package ${packageName} PROGRAM`);
    return { command: join(programs, program), version: manifest.version ?? '', root: modules };
  }
  throw new Error(`npx got ${run.packages.join(', ')}, but no such package lies where it looks for programs`);
}

interface PackageManifest {
  readonly version?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestIn(folder: string): PackageManifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  } catch {
    return undefined;
  }
}

/** Of a package that was given by its address npx writes down the name beside it. */
function onlyDependency(modules: string): string | undefined {
  const names = Object.keys(manifestIn(dirname(modules))?.dependencies ?? {});
  return names.length === 1 ? names[0] : undefined;
}

/** As npm chooses: the only one, the one under several names, or the one with the package's name. */
function programOf(name: string, { bin = {} }: PackageManifest): string | undefined {
  const bare = name.replace(/^@[^/]+\//, '');
  if (typeof bin === 'string') return bare;
  const [first, ...others] = Object.keys(bin);
  if (first === undefined || others.every((other) => bin[other] === bin[first])) return first;
  return Object.hasOwn(bin, bare) ? bare : undefined;
}

/* ---- uvx ---- */

function ofUvx(run: Run, folder: string, environment: Environment): ResolvedProgram {
  const [spec = ''] = run.packages;
  // `name@1.2` is how uvx writes `name==1.2`.
  const from = spec.replace(/^([\w.-]+)@(\d[\w.]*)$/, '$1==$2').replace(/@latest$/, '');
  const program = run.program ?? nameOf(spec);
  const args = [...run.options, '--from', from, 'sh', '-c', 'command -v -- "$1"', 'sh', program];
  const command = asked(run, args, folder, environment);
  const root = dirname(dirname(realFolderOf(command)));
  return { command, version: pythonVersion(root, nameOf(spec)), root };
}

const realFolderOf = (path: string): string => join(realpathSync(dirname(path)), basename(path));

const plain = (text: string): string => text.toLowerCase().replace(/[-_.]+/g, '_');

/** Version of the package's installed metadata. */
function pythonVersion(root: string, name: string): string {
  try {
    const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).map((path) => basename(path));
    const found = files.map((file) => /^(.+)-([^-]+)\.dist-info$/.exec(file));
    return found.find((match) => match && plain(match[1] as string) === plain(name))?.[2] ?? '';
  } catch {
    return '';
  }
}

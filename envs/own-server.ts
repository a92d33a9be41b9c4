import { basename, resolve } from 'node:path';
import { unescape } from 'node:querystring';
import { isProgramVariable, type RealPaths, realPaths } from './client-files/real-paths.ts';
import { ownServerChoice } from './client-files/choice.ts';
import { argumentsIn } from './client-files/arguments.ts';
import { environmentFile } from './client-files/environment-file.ts';
import { resolvedProgram, runOf } from './client-files/runners.ts';
import { type Environment, type Parts, substituted, withFolder, workspaceOf } from './client-files/substitution.ts';
import type { McpServer } from './mcp-configuration.ts';
import { hasSecretName, looksSecret } from './client-files/secret-looks.ts';
import { conceal, keepSecret, namesKept } from './processes/secrets.ts';
import { fileBacked, type OwnSource, type ServerDefinition } from './server-definition.ts';
import { fileFacts } from './state/files/facts.ts';

/** What is wrong at a place inside a server's block. */
export interface BlockFault {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

export interface OwnServerOptions {
  readonly environment?: Environment;
  /** Whether its package is to be fetched, where `npx` or the like does that. */
  readonly isPlayed?: boolean;
}

export interface MadeServer {
  readonly definition: ServerDefinition;
  readonly faults: readonly BlockFault[];
}

/** Substitutes a text of the block at a place in it. */
type Substitute = (text: string, ...path: BlockFault['path']) => Parts;

/**
 * Definition of a user's own server. What stands in braces is filled in from `environment` and from where the block stands,
 * `{FOLDER}` by the server's folder in its world; real files that it names are copied into that, unless its user plays with
 * real ones. Headers, and settings that look secret are concealed from now on, and named in its notes. Without faults the
 * definition is usable.
 */
export function ownServer(
  name: string,
  source: OwnSource,
  { environment = process.env, isPlayed = true }: OwnServerOptions = {},
): MadeServer {
  const { block, folder, inputs = [] } = source;
  const faults: BlockFault[] = [];
  const substitute: Substitute = (text, ...path) => {
    const isSecret = isSecretPlace(block, text, path);
    const { parts, unknown } = substituted(text, { folder, environment, inputs, isSecret });
    faults.push(...unknown.map((what) => ({ path, what })));
    return parts;
  };
  const shared = {
    ...fileBacked,
    name,
    summary: block.summary ?? '',
    entry: '',
    expectedTools: 0,
  };
  const { made, names } = namesKept(() =>
    'url' in block
      ? elsewhere(block, { source, shared, substitute, faults })
      : program(block, { source, shared, substitute, faults, environment, isPlayed }),
  );
  // Where programs lie is concealed for another reason than that it is secret.
  const concealed = names.filter((one) => one !== 'PATH').join(', ');
  const { own } = made;
  if (!own || concealed === '') return { definition: made, faults };
  const note = `concealed wherever they appear, also from the policy: ${concealed}`;
  return { definition: { ...made, own: { ...own, notes: [...own.notes, note] } }, faults };
}

/** Whether what is filled in there is a secret whatever it is called: in headers and addresses, behind `--token` or `-e API_KEY=`. */
function isSecretPlace(block: McpServer, text: string, [key, at]: BlockFault['path']): boolean {
  if (key === 'headers' || key === 'url') return true;
  if (key === 'env') return hasSecretName(String(at));
  if (key !== 'args' || !('args' in block)) return false;
  const before = block.args?.[Number(at) - 1] ?? '';
  return (before.startsWith('-') && hasSecretName(before)) || hasSecretName(/^[\w-]+(?==)/.exec(text)?.[0] ?? '');
}

interface Making {
  readonly source: OwnSource;
  readonly shared: Omit<ServerDefinition, 'package' | 'arguments' | 'facts'>;
  readonly substitute: Substitute;
  readonly faults: BlockFault[];
}

/** The command that the block has run between episodes. */
function resetOf({ reset }: McpServer, substitute: Substitute) {
  if (reset === undefined || typeof reset === 'string') return {};
  const words = reset.map((text, index) => substitute(text, 'reset', index));
  return { reset: (folder: string) => words.map((parts) => withFolder(parts, folder)) };
}

/* ---- servers that run elsewhere ---- */

type AddressBlock = Extract<McpServer, { readonly url: string }>;

function elsewhere(block: AddressBlock, { source, shared, substitute, faults }: Making): ServerDefinition {
  // For addresses, where no folder is.
  const text = (...given: Parameters<Substitute>) => withFolder(substitute(...given), '{FOLDER}');
  const url = text(block.url, 'url');
  const headers = mapValues(block.headers, (value, key) => text(value, 'headers', key));
  for (const [key, value] of Object.entries(headers)) keepHeader(key, value);
  const address = URL.parse(url);
  if (faults.length === 0 && !/^https?:$/.test(address?.protocol ?? ''))
    faults.push({ path: ['url'], what: 'must be an address that begins with http:// or https://' });
  const isSse = block.type === 'sse' || (block.type === undefined && /\/sse\/?$/.test(address?.pathname ?? ''));
  return {
    ...shared,
    package: conceal(`own server at ${address?.origin ?? 'no address'}`),
    arguments: () => [],
    facts: null,
    own: {
      source,
      reads: [],
      notes: [],
      ...resetOf(block, substitute),
      reach: { kind: 'http', url, headers, isSse },
    },
  };
}

function keepHeader(key: string, value: string): void {
  keepSecret(key, value);
  keepSecret(key, value.replace(/^\w+\s+/, '')); // `Bearer …`: the word before it is none
  const [, credentials] = /^basic\s+(\S+)$/i.exec(value.trim()) ?? [];
  if (credentials === undefined) return;
  const text = Buffer.from(credentials, 'base64').toString();
  keepSecret(key, text.replace(/^[^:]*:/, ''));
}

/* ---- programs ---- */

type ProgramBlock = Extract<McpServer, { readonly command: string }>;

/** Words of ours, said on purpose: what lies beside the file, and what lies in the world. */
const isMeant = (text: string): boolean => /\{HERE\}|\{FOLDER\}/.test(text);

function program(
  block: ProgramBlock,
  { source, shared, substitute, faults, environment, isPlayed }: Making & Required<OwnServerOptions>,
): ServerDefinition {
  const { folder } = source;
  const workspace = workspaceOf(folder);
  const cwd = block.cwd === undefined ? undefined : substitute(block.cwd, 'cwd');
  const isInWorld = cwd?.includes(null) === true;
  const base = cwd === undefined || isInWorld ? workspace : resolve(workspace, withFolder(cwd, ''));
  let place: BlockFault['path'] = [];
  const paths = realPaths(base, {
    hasFolder: cwd !== undefined && !isInWorld,
    isReal: ownServerChoice().isReal,
    refuse: (what) => faults.push({ path: place, what }),
  });
  const placed = (text: string, parts: Parts, isArgument: boolean, ...path: BlockFault['path']): Parts => {
    place = path;
    return isMeant(text) || parts.includes(null) ? parts : paths.placed(withFolder(parts, ''), isArgument);
  };
  place = ['cwd'];
  const working = cwd === undefined || isInWorld ? cwd : paths.placedPath(base);
  const written = withFolder(substitute(block.command, 'command'), '{FOLDER}');
  const command = /^\.{1,2}\//.test(written) ? resolve(base, written) : written;
  const args = argumentsIn(written, block.args ?? [], (text, kind, index) => {
    const parts = substitute(text, 'args', index);
    return kind === 'plain' ? parts : placed(text, parts, kind === 'argument', 'args', index);
  });
  const settings = {
    ...variablesOfFile(block, { base: workspace, substitute, faults }),
    ...mapValues(block.env, (text, key) => {
      const parts = substitute(text, 'env', key);
      if (!isMeant(text) && !parts.includes(null)) keepSetting(key, withFolder(parts, ''), base);
      return isProgramVariable(key) ? parts : placed(text, parts, false, 'env', key);
    }),
  };
  const reads = (block.readable ?? []).map((text, index) =>
    resolve(folder, withFolder(substitute(text, 'readable', index), '{FOLDER}')),
  );
  const programPath = environment['PATH'] ?? '';
  // Where programs lie is no secret, but differs from machine to machine, and so shall no record.
  if (programPath.includes(':')) keepSecret('PATH', programPath);
  const found =
    faults.length > 0 || !isPlayed ? undefined : fetched({ command, args, settings, base, environment, faults });
  const prepare = paths.prepare();
  return {
    ...shared,
    package: `own server ${conceal(found?.name ?? basename(block.command))}`,
    arguments: (at) => (found?.args ?? args).map((parts) => withFolder(parts, at.folder)),
    environment: (at) => ({
      PATH: programPath,
      ...mapValues(settings, (parts) => withFolder(parts, at.folder)),
    }),
    ...(prepare ? { prepare } : {}),
    facts: (tree) => fileFacts(tree).map(conceal),
    own: {
      source,
      reads: [...reads, ...paths.asTheyAre, ...(found ? [found.root] : [])],
      notes: notesOf(paths, block),
      ...resetOf(block, substitute),
      reach: {
        kind: 'stdio',
        command: (serverFolder) => (found?.command ?? command).replaceAll('{FOLDER}', serverFolder),
        workingFolder: (serverFolder) => (working === undefined ? serverFolder : withFolder(working, serverFolder)),
      },
    },
  };
}

function notesOf({ notes, asTheyAre }: RealPaths, { reset }: McpServer): readonly string[] {
  return [
    ...notes,
    ...new Set(asTheyAre.map((path) => `${path} is played with as it is, and nothing restores it`)),
    ...(reset === undefined || reset === 'restart'
      ? []
      : ['its process stays from episode to episode, with what it keeps in memory; its files are restored']),
  ].map(conceal);
}

function keepSetting(key: string, value: string, base: string): void {
  if (!looksSecret(key, value, base)) return;
  keepSecret(key, value);
  // A program may well say the password of an address without the rest.
  keepSecret(key, unescape(URL.parse(value)?.password ?? ''));
}

function variablesOfFile(
  { envFile }: ProgramBlock,
  { base, substitute, faults }: Pick<Making, 'substitute' | 'faults'> & { readonly base: string },
): Record<string, Parts> {
  if (envFile === undefined) return {};
  const found = environmentFile(resolve(base, withFolder(substitute(envFile, 'envFile'), '{FOLDER}')));
  if ('fault' in found) {
    faults.push({ path: ['envFile'], what: found.fault });
    return {};
  }
  return mapValues(found.variables, (value) => [value]);
}

interface Fetching {
  readonly command: string;
  readonly args: readonly Parts[];
  readonly settings: Readonly<Record<string, Parts>>;
  readonly base: string;
  readonly environment: Environment;
  readonly faults: BlockFault[];
}

/** The program that `npx` and the like would start, and how records name it. */
function fetched({ command, args, settings, base, environment, faults }: Fetching) {
  const run = runOf(
    command,
    args.map((parts) => withFolder(parts, '{FOLDER}')),
  );
  if (!run) return undefined;
  const own = Object.entries(settings).flatMap(([key, parts]) =>
    parts.includes(null) ? [] : [[key, withFolder(parts, '')] as const],
  );
  try {
    const {
      command: found,
      version,
      root,
    } = resolvedProgram(run, base, { ...environment, ...Object.fromEntries(own) });
    const [spec = ''] = run.packages;
    const name = version === '' ? spec : `${spec.replace(/(?<=.)@[^@/]*$/, '')}@${version}`;
    return { command: found, args: args.slice(run.rest), root, name: `${run.runner} ${name}` };
  } catch (error) {
    faults.push({ path: ['command'], what: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function mapValues<Value, Result>(
  all: Readonly<Record<string, Value>> | undefined,
  convert: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(all ?? {}).map(([key, value]) => [key, convert(value, key)]));
}

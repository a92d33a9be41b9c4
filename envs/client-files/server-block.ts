import { didYouMean } from '../../core/near-names.ts';
import { isAbsolute } from 'node:path';
import type { McpServer } from '../mcp-configuration.ts';
import { moduleProgram, moduleReads } from '../modules/places.ts';
import { isFlag, isPositive, isReset, isText, isTextMap, isTexts, shown, textsIn, textsOf } from './block-values.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A server's block in the words of Toolstone, whichever client wrote it. */
export interface ReadBlock {
  readonly block: McpServer;
  /** Path of the user's own module that the block serves, as it is written. */
  readonly module?: string;
  readonly isDisabled: boolean;
  /** What was passed over and why, a sentence each without an end. */
  readonly notes: readonly string[];
  /** What makes it of no use; at a key where it is one's. */
  readonly faults: readonly BlockReadFault[];
}

export interface BlockReadFault {
  readonly key?: string;
  readonly what: string;
}

/** The same setting by the names that clients have for it; the first is ours. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  url: ['url', 'serverUrl', 'httpUrl', 'endpoint'],
  headers: ['headers', 'requestHeaders', 'http_headers'],
  env: ['env', 'environment'],
  envFile: ['envFile', 'env_file'],
  offeredTools: ['offeredTools', 'includeTools', 'enabledTools', 'enabled_tools', 'allowedTools', 'tools'],
  leftOutTools: ['leftOutTools', 'disabledTools', 'excludeTools', 'disabled_tools', 'excludedTools'],
  type: ['type', 'transport', 'transportType'],
  cwd: ['cwd', 'workingDirectory'],
  timeout: ['timeout'],
};

/** Whether a client may call a tool without asking says nothing of which tools there are. */
const APPROVALS = ['autoApprove', 'alwaysAllow', 'trust', 'autoApproved', 'alwaysApprove', 'autoAccept'];
/** Said for people or other programs. */
const SILENT = ['description', 'name', 'icon', 'gallery', 'version', 'metadata', 'source', 'note', '$schema'];
/** What only a program has, and what only an address has. */
const OF_PROGRAMS = ['args', 'env', 'envFile', 'cwd', 'confine', 'network', 'readable'];
const OF_ADDRESSES = ['headers'];
const OF_BOTH = [
  'summary',
  'startDeadline',
  'callDeadline',
  'callCeiling',
  'timeout',
  'disabled',
  'offeredTools',
].concat(['leftOutTools', 'reset', 'type']);
/** What may be meant by a key that is none. */
const KNOWN_KEYS = ['command', 'module', 'url', ...OF_PROGRAMS, ...OF_ADDRESSES, ...OF_BOTH];

const TYPES: Readonly<Record<string, 'stdio' | 'http' | 'sse'>> = {
  stdio: 'stdio',
  local: 'stdio',
  http: 'http',
  remote: 'http',
  'streamable-http': 'http',
  streamablehttp: 'http',
  streamable_http: 'http',
  sse: 'sse',
};

/** Reads a block as any client writes it. What nobody knows is noted, never refused. */
export function readBlock(source: Fields): ReadBlock {
  const reading = readingOf(source);
  const { typed, take, notes, faults } = reading;
  const isDisabled = take('disabled') === true || take('enabled') === false;
  const type = typed('type', 'text', isText);
  const kind = type === undefined ? undefined : TYPES[type.toLowerCase()];
  if (type !== undefined && kind === undefined)
    reading.refuse('type', `must be stdio, http (Streamable HTTP) or sse, not ${shown(type)}.`);
  const module = typed('module', 'a path', isText);
  const [command, ...leading] = module === undefined ? commandOf(reading) : servedBy(module);
  const url = typed('url', 'an address', isText);
  const shared = sharedOf(reading);
  const isProgram = command !== undefined && (url === undefined || kind === 'stdio');
  const block = isProgram
    ? { ...shared, ...programOf(reading, command, leading, module === undefined ? [] : moduleReads()) }
    : {
        ...shared,
        type: kind === 'stdio' ? undefined : kind,
        url,
        headers: textsOf(typed('headers', 'a map of texts', isTextMap)),
      };
  if (command === undefined && url === undefined && faults.length === 0)
    faults.push({
      what: 'has neither a `command` (stdio), a `module` of your own, nor a `url` (Streamable HTTP, or the older SSE). Give one.',
    });
  if (command !== undefined && url !== undefined && kind === undefined)
    faults.push({ what: 'has both a `command` and a `url`. Take one away, or say by `type` which is meant.' });
  for (const key of reading.left.keys()) notes.push(...noteOf(key, isProgram));
  const read = { block: defined(block) as unknown as McpServer, isDisabled, notes, faults };
  return module === undefined ? read : { ...read, module };
}

/** What is still to be read of a block, and what was said of it so far. */
function readingOf(source: Fields) {
  const left = new Map(Object.entries(source));
  /** The names by which the block has our keys. */
  const written = new Map<string, string>();
  const notes: string[] = [];
  const faults: BlockReadFault[] = [];
  const take = (key: string): unknown => {
    // A list of tools may also be a map of what each may do, which is no list to offer.
    const name = (NAMES[key] ?? [key]).find((one) => left.has(one) && (one !== 'tools' || isTexts(left.get(one))));
    if (name === undefined) return undefined;
    const value = left.get(name);
    left.delete(name);
    written.set(key, name);
    return value ?? undefined;
  };
  const refuse = (key: string, what: string): void => void faults.push({ key: written.get(key) ?? key, what });
  const typed = <T>(key: string, what: string, is: (value: unknown) => value is T): T | undefined => {
    const value = take(key);
    if (value === undefined || is(value)) return value;
    refuse(key, `must be ${what}, not ${shown(value)}.`);
    return undefined;
  };
  return { left, notes, faults, take, typed, refuse };
}

type Reading = ReturnType<typeof readingOf>;

function sharedOf(reading: Reading): Fields {
  const { typed } = reading;
  const timeout = timeoutOf(reading);
  return {
    summary: typed('summary', 'text', isText),
    offeredTools: offeredOf(typed('offeredTools', 'a list of names', isTexts)),
    leftOutTools: typed('leftOutTools', 'a list of names', isTexts),
    startDeadline: typed('startDeadline', 'a number above 0', isPositive),
    callDeadline: typed('callDeadline', 'a number above 0', isPositive) ?? timeout,
    callCeiling: typed('callCeiling', 'a number above 0', isPositive),
    reset: typed('reset', '"restart", "keep" or a command as a list of texts', isReset),
  };
}

function programOf({ typed }: Reading, command: string, leading: readonly string[], reads: readonly string[]): Fields {
  const readable = typed('readable', 'a list of paths', isTexts);
  const args = textsIn(typed('args', 'a list of texts', isTexts));
  return {
    command,
    args: args || leading.length > 0 ? [...leading, ...(args ?? [])] : undefined,
    env: textsOf(typed('env', 'a map of texts', isTextMap)),
    envFile: typed('envFile', 'a path', isText),
    cwd: typed('cwd', 'a path', isText),
    confine: typed('confine', 'true or false', isFlag),
    network: typed('network', 'true or false', isFlag),
    readable: readable || reads.length > 0 ? [...reads, ...(readable ?? [])] : undefined,
  };
}

/** This Node, which strips types whatever other one the user has. */
const servedBy = (module: string): readonly string[] => [
  process.execPath,
  moduleProgram('serve'),
  isAbsolute(module) ? module : `{HERE}/${module}`,
];

function noteOf(key: string, isProgram: boolean): string[] {
  if (SILENT.includes(key)) return [];
  if (APPROVALS.includes(key))
    return [`${key} was passed over: it says what a client may call without asking, not which tools there are`];
  const names = Object.entries(NAMES).find(([, all]) => all.includes(key))?.[0] ?? key;
  if ((isProgram ? OF_ADDRESSES : OF_PROGRAMS).includes(names))
    return [`${key} was passed over: it goes only with ${isProgram ? 'a url' : 'a command'}`];
  const near = didYouMean(key, KNOWN_KEYS).replace(/\?$/, '');
  return [
    `${key} was passed over, which Toolstone does not know${near === '' ? '' : `;${near.replace('Did', 'did')}?`}`,
  ];
}

function commandOf({ take, refuse }: Reading): readonly string[] {
  const value = take('command');
  if (value === undefined) return [];
  if (isText(value) && value !== '') return [value];
  if (isTexts(value) && value.length > 0) return textsIn(value) ?? [];
  refuse('command', `must be a program, or a list that begins with one, not ${shown(value)}.`);
  return [];
}

/** Clients count in milliseconds or in seconds; nobody gives a server a second, or waits a quarter of an hour. */
const LEAST_MILLISECONDS = 1000;

/** Seconds. */
function timeoutOf({ typed, notes }: Reading): number | undefined {
  const value = typed('timeout', 'a number above 0', isPositive);
  if (value === undefined) return undefined;
  const seconds = value >= LEAST_MILLISECONDS ? value / 1000 : value;
  const unit = value >= LEAST_MILLISECONDS ? 'milliseconds' : 'seconds';
  notes.push(
    `timeout ${value} was read as ${unit}, so that a call may take ${seconds} s; callDeadline is always seconds`,
  );
  return seconds;
}

/** `["*"]` is all of them. */
const offeredOf = (names: readonly unknown[] | undefined): readonly string[] | undefined =>
  names === undefined || names.includes('*') ? undefined : textsIn(names);

const defined = (values: Fields): Fields =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

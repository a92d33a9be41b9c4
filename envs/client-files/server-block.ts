import type { McpServer } from '../mcp-configuration.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A server's block in the words of Toolstone, whichever client wrote it. */
export interface ReadBlock {
  readonly block: McpServer;
  readonly isDisabled: boolean;
  /** What was passed over and why, a sentence each. */
  readonly notes: readonly string[];
  /** What makes it of no use, a sentence each. */
  readonly faults: readonly string[];
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
};

/** Whether a client may call a tool without asking says nothing of which tools there are. */
const APPROVALS = ['autoApprove', 'alwaysAllow', 'trust', 'autoApproved', 'alwaysApprove', 'autoAccept'];
/** Said for people or other programs. */
const SILENT = ['description', 'name', 'icon', 'gallery', 'version', 'metadata', 'source', 'note', '$schema'];
const OURS = ['summary', 'startDeadline', 'callDeadline', 'callCeiling', 'confine', 'network', 'readable', 'reset'];

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
  const left = new Map(Object.entries(source));
  const notes: string[] = [];
  const faults: string[] = [];
  const take = (key: string): unknown => {
    const name = (NAMES[key] ?? [key]).find((one) => left.has(one));
    if (name === undefined) return undefined;
    const value = left.get(name);
    left.delete(name);
    return value ?? undefined;
  };
  const typed = <T>(key: string, what: string, is: (value: unknown) => value is T): T | undefined => {
    const value = take(key);
    if (value === undefined || is(value)) return value;
    faults.push(`${key} must be ${what}, not ${JSON.stringify(value)}.`);
    return undefined;
  };

  const isDisabled = take('disabled') === true || take('enabled') === false;
  const type = typed('type', 'text', isText);
  const kind = type === undefined ? undefined : TYPES[type.toLowerCase()];
  if (type !== undefined && kind === undefined)
    faults.push(`type must be stdio, http (Streamable HTTP) or sse, not ${JSON.stringify(type)}.`);
  const [command, ...leading] = commandOf(take('command'), faults);
  const args = typed('args', 'a list of texts', isTexts);
  const url = typed('url', 'an address', isText);
  const deadline = timeoutOf(take('timeout'), notes, faults);
  const tools = {
    offeredTools: offeredOf(typed('offeredTools', 'a list of names', isTexts)),
    leftOutTools: typed('leftOutTools', 'a list of names', isTexts),
  };
  const ours = Object.fromEntries(OURS.map((key) => [key, take(key)]));
  const shared = defined({ ...tools, ...(deadline === undefined ? {} : { callDeadline: deadline }), ...ours });
  const block =
    command !== undefined && (url === undefined || kind === 'stdio')
      ? {
          ...shared,
          ...defined({
            command,
            args: args || leading.length > 0 ? [...leading, ...(args ?? [])] : undefined,
            env: textsOf(typed('env', 'a map of texts', isTextMap)),
            envFile: typed('envFile', 'a path', isText),
            cwd: typed('cwd', 'a path', isText),
          }),
        }
      : {
          ...shared,
          ...defined({
            type: kind === 'sse' ? 'sse' : undefined,
            url,
            headers: textsOf(typed('headers', 'a map of texts', isTextMap)),
          }),
        };
  if (command === undefined && url === undefined) faults.push('it has neither a command nor a url.');
  for (const key of left.keys()) notes.push(...noteOf(key));
  return { block: block as unknown as McpServer, isDisabled, notes, faults };
}

function noteOf(key: string): string[] {
  if (SILENT.includes(key)) return [];
  if (APPROVALS.includes(key))
    return [`${key} was passed over: it says what a client may call without asking, not which tools there are.`];
  return [`${key} was passed over: Toolstone does not know it.`];
}

function commandOf(value: unknown, faults: string[]): string[] {
  if (value === undefined) return [];
  if (isText(value)) return [value];
  if (isTexts(value) && value.length > 0) return [...value];
  faults.push(`command must be a program, or a list that begins with one, not ${JSON.stringify(value)}.`);
  return [];
}

/** Clients count in milliseconds or in seconds; nobody gives a server a second, or waits a quarter of an hour. */
const LEAST_MILLISECONDS = 1000;

/** Seconds. */
function timeoutOf(value: unknown, notes: string[], faults: string[]): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !(value > 0)) {
    faults.push(`timeout must be a number above 0, not ${JSON.stringify(value)}.`);
    return undefined;
  }
  const seconds = value >= LEAST_MILLISECONDS ? value / 1000 : value;
  const unit = value >= LEAST_MILLISECONDS ? 'milliseconds' : 'seconds';
  notes.push(`timeout ${value} was read as ${unit}: a call may take ${seconds} s. Write callDeadline for seconds.`);
  return seconds;
}

/** `["*"]` is all of them. */
const offeredOf = (names: readonly string[] | undefined): readonly string[] | undefined =>
  names?.includes('*') ? undefined : names;

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isTextMap = (value: unknown): value is Readonly<Record<string, string | number | boolean | null>> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((one) => one === null || ['string', 'number', 'boolean'].includes(typeof one));

/** Some write numbers and booleans without quotes; `null` takes a variable away. */
const textsOf = (values: Readonly<Record<string, string | number | boolean | null>> | undefined) =>
  values && Object.fromEntries(Object.entries(values).flatMap(([key, one]) => (one === null ? [] : [[key, `${one}`]])));

const defined = (values: Fields): Fields =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

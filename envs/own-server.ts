import { basename, resolve } from 'node:path';
import type { McpServer } from './mcp-configuration.ts';
import { conceal, keepSecret } from './processes/secrets.ts';
import { fileBacked, type ServerDefinition } from './server-definition.ts';
import { fileFacts } from './state/files/facts.ts';

/** What is wrong at a place inside a server's block. */
export interface BlockFault {
  readonly path: readonly (string | number)[];
  readonly what: string;
}

/** A text with the server's folder to be filled in. */
type Environment = Readonly<Record<string, string | undefined>>;
type Template = (folder: string) => string;

const SECRET_NAME = /key|token|secret|passw|pwd|auth|credential|cookie|session|dsn/i;
/** Settings such as `true` or `info` stand in a server's environment too, and in much that it says. */
const SHORTEST_UNNAMED = 8;

/**
 * Definition of a user's own server. `${NAME}` and `${NAME:-default}` are replaced from `environment`, `{HERE}` by `folder`
 * (that of the task file), `{FOLDER}` by the server's folder in its world. What came from the environment, headers, and
 * settings that look secret are concealed from now on. Without faults the definition is usable.
 */
export function ownServer(
  name: string,
  block: McpServer,
  folder: string,
  environment: Environment = process.env,
): { readonly definition: ServerDefinition; readonly faults: readonly BlockFault[] } {
  const faults: BlockFault[] = [];
  const templateOf = (text: string, ...path: BlockFault['path']): Template => {
    const { template, unknown } = substituted(text, folder, environment);
    faults.push(...unknown.map((what) => ({ path, what })));
    return template;
  };
  const base = {
    ...fileBacked,
    name,
    summary: block.summary ?? '',
    entry: '',
    expectedTools: 0,
  };
  if ('url' in block) {
    const url = withoutFolder(templateOf(block.url, 'url'));
    const headers = mapValues(block.headers, (text, key) => withoutFolder(templateOf(text, 'headers', key)));
    for (const [key, value] of Object.entries(headers)) {
      keepSecret(key, value);
      keepSecret(key, value.replace(/^\w+\s+/, '')); // `Bearer …`: the word before it is none
      const [, credentials] = /^basic\s+(\S+)$/i.exec(value.trim()) ?? [];
      if (credentials !== undefined)
        keepSecret(
          key,
          Buffer.from(credentials, 'base64')
            .toString()
            .replace(/^[^:]*:/, ''),
        );
    }
    const address = URL.parse(url);
    if (faults.length === 0 && !/^https?:$/.test(address?.protocol ?? ''))
      faults.push({ path: ['url'], what: 'must be an address that begins with http:// or https://' });
    const definition: ServerDefinition = {
      ...base,
      package: conceal(`own server at ${address?.origin ?? 'no address'}`),
      arguments: () => [],
      facts: null,
      own: { source: { block, folder }, reads: [], reach: { kind: 'http', url, headers } },
    };
    return { definition, faults };
  }
  const command = templateOf(block.command, 'command');
  const args = (block.args ?? []).map((text, index) => templateOf(text, 'args', index));
  const settings = mapValues(block.env, (text, key) => templateOf(text, 'env', key));
  const reads = (block.readable ?? []).map((text, index) =>
    resolve(folder, withoutFolder(templateOf(text, 'readable', index))),
  );
  for (const [key, text] of Object.entries(block.env ?? {}))
    if (!/\$\{|\{FOLDER\}|\{HERE\}/.test(text) && (SECRET_NAME.test(key) || text.length >= SHORTEST_UNNAMED))
      keepSecret(key, text);
  const programPath = environment['PATH'] ?? '';
  // Where programs lie is no secret, but differs from machine to machine, and so shall no record.
  if (programPath.includes(':')) keepSecret('PATH', programPath);
  const definition: ServerDefinition = {
    ...base,
    package: `own server ${conceal(basename(block.command))}`,
    arguments: (place) => args.map((template) => template(place.folder)),
    environment: (place) => ({
      PATH: programPath,
      ...mapValues(settings, (template) => template(place.folder)),
    }),
    facts: (tree) => fileFacts(tree).map(conceal),
    own: { source: { block, folder }, reads, reach: { kind: 'stdio', command } },
  };
  return { definition, faults };
}

const PLACEHOLDER = /\$\{([^{}]*)\}|\{FOLDER\}|\{HERE\}/g;

function substituted(
  text: string,
  folder: string,
  environment: Environment,
): { readonly template: Template; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const parts: (string | null)[] = [];
  let end = 0;
  for (const placeholder of text.matchAll(PLACEHOLDER)) {
    parts.push(text.slice(end, placeholder.index));
    end = placeholder.index + placeholder[0].length;
    if (placeholder[0] === '{FOLDER}') parts.push(null);
    else if (placeholder[0] === '{HERE}') parts.push(folder);
    else parts.push(fromEnvironment(placeholder[1] ?? '', environment, unknown));
  }
  parts.push(text.slice(end));
  return { template: (serverFolder) => parts.map((part) => part ?? serverFolder).join(''), unknown };
}

function fromEnvironment(inside: string, environment: Environment, unknown: string[]): string {
  const [, name, fallback] = /^([A-Za-z_]\w*)(?::-(.*))?$/s.exec(inside) ?? [];
  if (name === undefined) {
    unknown.push(`\${${inside}} names no variable: write \${NAME} or \${NAME:-default}`);
    return '';
  }
  const value = environment[name];
  if (value !== undefined && (value !== '' || fallback === undefined)) {
    keepSecret(name, value);
    return value;
  }
  if (fallback === undefined)
    unknown.push(`the environment has no ${name}: set it, or write \${${name}:-default} to do without`);
  return fallback ?? '';
}

/** For addresses, where no folder is. */
const withoutFolder = (template: Template): string => template('{FOLDER}');

function mapValues<Value, Result>(
  all: Readonly<Record<string, Value>> | undefined,
  convert: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(all ?? {}).map(([key, value]) => [key, convert(value, key)]));
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findServers } from '../../envs/client-files/find-servers.ts';
import { type ReadBlock, readBlock } from '../../envs/client-files/server-block.ts';
import { disabledIn, readServersFile } from '../../envs/client-files/servers-file.ts';

const examples = join(import.meta.dirname, 'client-examples');
const found = (text: unknown) => findServers(typeof text === 'string' ? text : JSON.stringify(text), 'mcp.json');

const npx = (server: string) => [server, 'npx', []];

describe('a file of servers', () => {
  test.each(readdirSync(examples))('%s is read as it is', (name) => {
    const { servers } = readServersFile(join(examples, name));
    const blocks = [...servers].map(([server, { block, faults }]) => [
      server,
      'url' in block ? (block.type ?? 'url') : block.command,
      faults,
    ]);
    const expected: Readonly<Record<string, unknown>> = {
      'claude-desktop.json': [npx('filesystem'), npx('memory'), ['time', 'uvx', []]],
      'cursor-mcp.json': [npx('git'), ['remote', 'url', []]],
      'dot-mcp.json': [npx('memory'), ['old', 'sse', []]],
      'settings-with-more.json': [['notes', 'node', []]],
      'vscode-mcp.json': [npx('memory'), ['everything', 'http', []]],
      'windsurf-mcp_config.json': [npx('filesystem'), ['remote', 'url', []]],
    };
    expect(blocks).toEqual(expected[name]);
  });

  test('tells of what is switched off, and keeps what a user is asked for', () => {
    const claude = readServersFile(join(examples, 'claude-desktop.json'));
    expect(disabledIn(claude)).toEqual([`Server time is disabled in ${claude.path}, and is not started.`]);
    expect(readServersFile(join(examples, 'vscode-mcp.json')).inputs).toEqual([
      { id: 'key', description: 'API key', isHidden: true },
    ]);
  });

  test.each([['mcpServers'], ['servers'], ['context_servers'], ['mcp.servers'], ['amp.mcpServers']])(
    'has them under %s',
    (key) => {
      const nested = key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), { a: { command: 'x' } });
      expect([...found(nested).blocks.keys()]).toEqual(['a']);
      expect([...found({ [key]: { a: { command: 'x' } } }).blocks.keys()]).toEqual(['a']);
    },
  );

  test('that is none is told by its line', () => {
    expect(() => found('{\n  "mcpServers": {\n')).toThrow(/^mcp\.json:3: is no JSON \(close brace expected\)/);
    expect(() => found({ theme: 'dark' })).toThrow(/mcp\.json names no servers.*mcpServers, servers/);
    expect(() => found({ servers: { a: 'x' } })).toThrow(/servers\.a is no object/);
    expect(() => readServersFile(join(examples, 'nowhere.json'))).toThrow(/cannot be read: ENOENT/);
  });
});

const read = (source: object): ReadBlock => readBlock(source as Readonly<Record<string, unknown>>);

describe('a block', () => {
  test.each<readonly [object, object]>([
    [
      { command: 'a', args: ['b', 5], env: { A: 1, B: null } },
      { command: 'a', args: ['b', '5'], env: { A: '1' } },
    ],
    [
      { command: ['a', 'b'], args: ['c'] },
      { command: 'a', args: ['b', 'c'] },
    ],
    [
      { type: 'local', command: 'a', environment: { A: 'b' } },
      { command: 'a', env: { A: 'b' } },
    ],
    [{ serverUrl: 'http://x' }, { url: 'http://x' }],
    [
      { httpUrl: 'http://x', requestHeaders: { A: 'b' } },
      { url: 'http://x', headers: { A: 'b' } },
    ],
    [
      { url: 'http://x', type: 'streamable-http' },
      { url: 'http://x', type: 'http' },
    ],
    [
      { url: 'http://x', transport: 'SSE' },
      { url: 'http://x', type: 'sse' },
    ],
    [
      { command: 'a', disabledTools: ['t'], allowedTools: ['u'] },
      { command: 'a', leftOutTools: ['t'], offeredTools: ['u'] },
    ],
    [{ command: 'a', tools: ['*'] }, { command: 'a' }],
    [
      { command: 'a', reset: ['b'], cwd: 'c', envFile: 'd' },
      { command: 'a', reset: ['b'], cwd: 'c', envFile: 'd' },
    ],
    [
      { command: 'a', callDeadline: 5, timeout: 60 },
      { command: 'a', callDeadline: 5 },
    ],
  ])('%j is read as %j', (source, block) => {
    expect(read(source)).toMatchObject({ block, faults: [], isDisabled: false });
    expect(read(source).block).toEqual(block);
  });

  test.each([
    [120, 120, 'seconds'],
    [999, 999, 'seconds'],
    [1000, 1, 'milliseconds'],
    [90_000, 90, 'milliseconds'],
  ])('timeout %i is %i s, read as %s', (timeout, callDeadline, unit) => {
    const { block, notes } = read({ command: 'a', timeout });
    expect(block).toEqual({ command: 'a', callDeadline });
    expect(notes).toEqual([expect.stringContaining(`read as ${unit}`)]);
  });

  test('is switched off by disabled or by enabled', () => {
    const off = [{ disabled: true }, { enabled: false }, { disabled: false }, { enabled: true }, {}];
    expect(off.map((one) => read({ command: 'a', ...one }).isDisabled)).toEqual([true, true, false, false, false]);
  });

  test('is noted where nobody knows a key, and approvals are no lists of tools', () => {
    const { block, notes, faults } = read({
      command: 'a',
      autoApprove: ['t'],
      alwaysAllow: ['t'],
      arg: ['x'],
      headers: { A: 'b' },
      tools: { t: true },
      gallery: true,
    });
    expect([block, faults]).toEqual([{ command: 'a' }, []]);
    expect(notes).toEqual([
      'autoApprove was passed over: it says what a client may call without asking, not which tools there are',
      'alwaysAllow was passed over: it says what a client may call without asking, not which tools there are',
      'arg was passed over, which Toolstone does not know; did you mean "args"?',
      'headers was passed over: it goes only with a url',
      'tools was passed over, which Toolstone does not know',
    ]);
  });

  test.each<readonly [object, string | undefined, RegExp]>([
    [{}, undefined, /neither a `command`/],
    [{ command: 'a', url: 'http://x' }, undefined, /both a `command` and a `url`/],
    [{ command: 5 }, 'command', /a program, or a list/],
    [{ command: 'a', type: 'pipe' }, 'type', /stdio, http \(Streamable HTTP\) or sse, not "pipe"/],
    [{ command: 'a', timeout: 'long' }, 'timeout', /a number above 0, not "long"/],
    [{ command: 'a', args: 'b' }, 'args', /a list of texts/],
    [{ command: 'a', environment: ['b'] }, 'environment', /a map of texts/],
    [{ command: 'a', reset: 'never' }, 'reset', /"restart", "keep" or a command/],
  ])('%j is refused at %s', (source, key, what) => {
    expect(read(source).faults).toMatchObject([
      { ...(key === undefined ? {} : { key }), what: expect.stringMatching(what) },
    ]);
  });
});

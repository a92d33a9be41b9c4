/** Files of MCP clients as they are, by the real command line and without the network. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { type Finished, startIn, temporaryFolder } from './toolstone.ts';
import { isWhole } from '../whole.ts';

/** Each starts the command, its threads and its servers. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const clone = dirname(fileURLToPath(new URL('../../toolstone.ts', import.meta.url)));
const examples = fileURLToPath(new URL('../envs/client-examples/', import.meta.url));
const KEY = 'planted-key-of-vscode';

let environment: NodeJS.ProcessEnv = {};
const started: ChildProcess[] = [];
beforeAll(async () => {
  const [http, sse] = [await everything('streamableHttp'), await everything('sse')];
  environment = { ...process.env, EVERYTHING_PORT: http, EVERYTHING_SSE_PORT: sse };
});
afterAll(() => started.forEach((child) => child.kill()));

/** A server of the reference ones on a port of its own; its port. */
async function everything(transport: string): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const port = `${(probe.address() as AddressInfo).port}`;
  await new Promise((resolve) => probe.close(resolve));
  const script = join(clone, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
  started.push(spawn(process.execPath, [script, transport], { env: { ...process.env, PORT: port }, stdio: 'ignore' }));
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(`http://127.0.0.1:${port}/nowhere`).catch(() => undefined);
    if (answer) return port;
    await delay(100);
  }
  throw new Error(`server-everything does not listen on ${port}`);
}

/** A folder with an example, and an `npx` on the PATH that finds the packages of this checkout. */
function workspace(example: string, at = 'mcp.json') {
  const folder = temporaryFolder();
  const file = join(folder, at);
  mkdirSync(dirname(file), { recursive: true });
  cpSync(join(examples, example), file);
  const npx = join(folder, 'bin', 'npx');
  mkdirSync(dirname(npx));
  const modules = join(clone, 'node_modules', '.bin');
  writeFileSync(npx, `#!/bin/sh\nwhile [ "$1" != -c ]; do shift; done\nPATH="${modules}:$PATH" exec sh -c "$2"\n`);
  chmodSync(npx, 0o755);
  const run = async (words: readonly string[], task: object, more: NodeJS.ProcessEnv = {}): Promise<Finished> => {
    const tasks = join(folder, 'tasks.json');
    writeFileSync(
      tasks,
      JSON.stringify({ name: 'mine', tasks: [{ id: 'one', prompt: 'Do it.', answer: 'done', ...task }] }),
    );
    const PATH = `${join(folder, 'bin')}:${process.env['PATH']}`;
    const [first = '', ...rest] = words;
    const given = first === 'check' ? ['tasks', 'check', tasks] : ['run', '--policy', 'oracle', '--tasks', tasks];
    return startIn({ ...environment, PATH, ...more }, ...given, '--servers', file, ...rest).finished;
  };
  const out = join(folder, 'run');
  const manifest = () => JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
  const episode = () => JSON.parse(readFileSync(join(out, 'trajectories.jsonl'), 'utf8')) as ScoredTrajectory;
  return { folder, out, run, manifest, episode };
}

const echo = (server: string) => ({
  servers: [server],
  checks: [{ called: { server, tool: 'echo' } }],
  plan: [{ server, tool: 'echo', arguments: { message: 'x' } }],
});
const entity = { entities: [{ name: 'oak', entityType: 'tree', observations: ['tall'] }] };

test("Claude Desktop's: own names win over the catalogue's, and packages are fetched once", async () => {
  const { out, run, manifest, episode } = workspace('claude-desktop.json');
  const { code, stderr } = await run(['run', '--out', out], {
    servers: ['filesystem', 'memory'],
    checks: [
      { file: { server: 'filesystem', path: 'a.txt' }, equals: 'x' },
      { file: { server: 'memory', path: 'memory.json' }, contains: 'oak' },
    ],
    plan: [
      { server: 'filesystem', tool: 'write_file', arguments: { path: '/world/filesystem/a.txt', content: 'x' } },
      { server: 'memory', tool: 'create_entities', arguments: entity },
    ],
  });
  expect(code, stderr).toBe(0);
  expect(episode().success).toEqual(expect.objectContaining({ verified: true }));
  expect(stderr).toMatch(/Server time is disabled in .*mcp\.json, and is not started\./);
  const packages = Object.values(manifest().servers).map((server) => server.package);
  expect(packages).toEqual([
    expect.stringMatching(/^own server npx @modelcontextprotocol\/server-filesystem@\d/),
    expect.stringMatching(/^own server npx @modelcontextprotocol\/server-memory@\d/),
  ]);
});

test.runIf(isWhole)(
  "VS Code's: a real file is copied and stays as it was, and what is asked for is a secret",
  async () => {
    const { folder, out, run, episode } = workspace('vscode-mcp.json', '.vscode/mcp.json');
    const real = '{"type":"entity","name":"elm","entityType":"tree","observations":[]}\n';
    writeFileSync(join(folder, 'memory.json'), real);
    const task = {
      servers: ['memory'],
      checks: [
        { file: { server: 'memory', path: 'memory.json' }, contains: 'oak' },
        { file: { server: 'memory', path: 'memory.json' }, contains: 'elm' },
      ],
      plan: [{ server: 'memory', tool: 'create_entities', arguments: entity }],
    };
    const refused = await run(['run', '--out', out], task);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('set the variable INPUT_KEY to its value (API key)'),
    ]);
    const { code, stderr } = await run(['run', '--out', out], task, { INPUT_KEY: KEY });
    expect(code, stderr).toBe(0);
    expect(episode().success).toEqual(expect.objectContaining({ verified: true }));
    expect(stderr).toMatch(
      /Server memory: .*memory\.json is copied into its world as \{FOLDER\}\/memory\.json \(1 file,/,
    );
    expect(readFileSync(join(folder, 'memory.json'), 'utf8')).toBe(real);
    for (const name of readdirSync(out, { recursive: true, encoding: 'utf8', withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name), 'utf8'), name.name).not.toContain(KEY);
  },
);

const elsewhere = [
  ['dot-mcp.json', 'old'],
  ['vscode-mcp.json', 'everything'],
  ['windsurf-mcp_config.json', 'remote'],
  ['cursor-mcp.json', 'remote'],
] as const;

test.runIf(isWhole).each(elsewhere)(
  '%s: %s runs elsewhere, can write, and is played with only on request',
  async (example, server) => {
    const { run } = workspace(example);
    const keys = { INPUT_KEY: KEY, KEY };
    const refused = await run(['check'], echo(server), keys);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toMatch(
      new RegExp(`BROKEN one\n +Server ${server} runs elsewhere, .* only read: .*toggle-simulated-logging.* by --real`),
    );
    const real = await run(['check', '--real'], echo(server), keys);
    expect(real.stdout, real.stderr).toMatch(/^sound {2}one$/m);
  },
);

test.runIf(isWhole)("Windsurf's: tools that it has switched off are not offered", async () => {
  const { run } = workspace('windsurf-mcp_config.json');
  const call = { server: 'filesystem', tool: 'move_file', arguments: { source: 'a', destination: 'b' } };
  const { stdout } = await run(['check'], { servers: ['filesystem'], checks: [{ called: call }], plan: [call] });
  expect(stdout).toMatch(/Server filesystem offers no tool "move_file"\..* Offered: .*write_file/);
  expect(stdout).not.toMatch(/Offered: .*edit_file/);
  expect(stdout).toContain('alwaysAllow was passed over');
});

test.runIf(isWhole)("Cursor's: a file of variables, and the workspace as a copy", async () => {
  const { folder, run } = workspace('cursor-mcp.json', '.cursor/mcp.json');
  const call = { server: 'git', tool: 'git_init', arguments: { path: '{FOLDER}' } };
  const task = { servers: ['git'], checks: [{ called: { server: 'git', tool: 'git_init' } }], plan: [call] };
  const refused = await run(['check'], task);
  expect(refused.stderr).toMatch(/mcp\.json: git\.envFile: the file cannot be read \(ENOENT.*\.env/);
  writeFileSync(join(folder, '.env'), 'GIT_TOKEN=planted-in-a-file\n');
  const { stdout } = await run(['check'], task);
  expect(stdout).toMatch(/Server git: .* is copied into its world as \{FOLDER\}\/toolstone-/);
  expect(stdout).not.toContain('planted-in-a-file');
});

test.runIf(isWhole)('whole settings: the servers below mcp.servers, in their own working folder', async () => {
  const { folder, run } = workspace('settings-with-more.json', 'settings.json');
  const server = readFileSync(new URL('../envs/evaluating-server.ts', import.meta.url), 'utf8');
  writeFileSync(join(folder, 'notes-server.mjs'), stripTypeScriptTypes(server));
  writeFileSync(join(folder, 'notes.txt'), 'oak');
  const code = "fs.writeFileSync('new.txt', fs.readFileSync('notes.txt', 'utf8'))";
  const path = `${folder.split('/').at(-1)}/new.txt`;
  const { stdout, stderr } = await run(['check'], {
    servers: ['notes'],
    checks: [{ file: { server: 'notes', path }, equals: 'oak' }],
    plan: [{ server: 'notes', tool: 'evaluate', arguments: { code } }],
  });
  expect(stdout, stderr).toMatch(/^sound {2}one$/m);
  expect(readdirSync(folder)).not.toContain('new.txt');
});

test('a file that is none, and a server that it lacks, are said', async () => {
  const { folder, run } = workspace('claude-desktop.json');
  const lacking = await run(['check'], echo('filesytem'));
  expect(lacking.stderr).toMatch(
    /There is no server "filesytem"\. Did you mean "filesystem".* add it to .*, the file given with --servers\./,
  );
  const off = await run(['check'], echo('time'));
  expect(off.stderr).toMatch(/servers\[0\]: Server "time" is disabled\. Take that out of its block/);
  writeFileSync(join(folder, 'mcp.json'), '{ "mcpServers": ');
  const broken = await run(['check'], echo('memory'));
  expect([broken.code, broken.stderr]).toEqual([2, expect.stringMatching(/mcp\.json:1: is no JSON/)]);
});

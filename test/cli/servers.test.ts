import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { installedServers } from '../../commands/shared/server-checks.ts';
import { keptListFile } from '../../envs/listed/kept-list.ts';
import type { ListedSource } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import { standInFor } from '../envs/optional-programs.ts';
import { OFFERED } from '../envs/offered-servers.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { pinnedOf } from '../../envs/processes/packages.ts';
import { type PinnedPackage, pinnedRoot } from '../../envs/processes/pinned-packages.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const onRequest = serverNames.filter((name) => serverDefinition(name).onRequest !== undefined);

const email = listedSources.find(({ name }) => name === 'email') as ListedSource;

/** As where nothing was ever added. */
function emptyCache(): void {
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
}

test('the list has every server, those that are not installed with the command that adds them', async () => {
  const { code, stdout } = await toolstone('servers');
  expect(code).toBe(0);
  const lines = new Map(stdout.split('\n').map((line) => [line.split(' ')[0], line]));
  for (const name of serverNames)
    expect(lines.get(name)).toMatch(
      OFFERED.includes(name)
        ? / \d+ tools {2}[\da-f]{12}$/
        : new RegExp(`toolstone servers install ${name}$|behind a wall`),
    );
});

test('check starts servers and says which works; of one that is not there, the command that adds it, by exit code 1', async () => {
  const well = await toolstone('servers', 'check', 'calc', 'memory');
  expect(well).toMatchObject({ code: 0, stdout: expect.stringMatching(/\n2 of 2 servers work\.\n$/) });
  expect(well.stdout).toMatch(
    /^calc +works +21 tools {2}started in \d+\.\d\d s {2}MIT +@coo-quack\/calc-mcp@2\.1\.1$/m,
  );
  emptyCache();
  const missing = await toolstone('servers', 'check', 'ohno-tasks', 'calc');
  expect(missing.code).toBe(1);
  expect(missing.stdout).toMatch(
    /^ohno-tasks +FAULT\n +The server ohno-tasks .*"toolstone servers install ohno-tasks"/,
  );
  expect(missing.stdout).toMatch(/\n1 of 2 servers work\.\n$/);
});

test('check has by default those that are installed, a server of which a part is missing among them, which does not work', async () => {
  emptyCache();
  mkdirSync(pinnedRoot(pinnedOf(serverDefinition('ohno-tasks')) as PinnedPackage), { recursive: true });
  expect(installedServers()).toEqual(expect.arrayContaining(['calc', 'ohno-tasks']));
  expect(installedServers()).not.toContain('shrimp-tasks');
  const { code, stdout } = await toolstone('servers', 'check', 'ohno-tasks');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ohno-tasks +FAULT\n +The server ohno-tasks is only half installed: /);
});

/** An npm that installs a listed server which says, over stdio, that it has the tool `send_mail`. */
const npmOf = (source: ListedSource) => `
mkdir -p "node_modules/${source.package}/dist"
echo '{"packages":{}}' >package-lock.json
cat >"node_modules/${source.package}/dist/main.js" <<'END'
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const { protocolVersion } = params ?? {};
  const result = method === 'initialize'
    ? { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'mail', version: '1' } }
    : { tools: [{ name: 'send_mail', inputSchema: { type: 'object' } }] };
  console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
END
echo 'MIT' >"node_modules/${source.package}/LICENSE"`;

test('a kept list that is torn is made again by an install, and one that can be read is left alone', async () => {
  emptyCache();
  const file = keptListFile(email);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'torn');
  standInFor('npm', npmOf(email));
  const made = await toolstone('servers', 'install', 'email');
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('email is listed and not run: 1 tools of') });
  standInFor('npm', 'exit 1');
  expect(await toolstone('servers', 'install', 'email')).toMatchObject({ code: 0, stdout: made.stdout, stderr: '' });
  const removed = await toolstone('servers', 'remove', 'email');
  expect(removed.stdout).toBe(
    'The list of the server email is removed. Make it again with: toolstone servers install email\n',
  );
  expect([removed.code, existsSync(file)]).toEqual([0, false]);
});

test('removing a listed server says whether it had a list in the cache', async () => {
  emptyCache();
  expect((await toolstone('servers', 'remove', 'email')).stdout).toMatch(
    /^The list of the server email is not in the cache: there is no .*email-.*\.json\.br\.$/m,
  );
  const kept = keptListFile(listedSources.find(({ name }) => name === 'github') as ListedSource);
  expect((await toolstone('servers', 'remove', 'github')).stdout).toBe(
    'The server github is listed and not run, and its list is a part of Toolstone: nothing of it is in the cache.\n',
  );
  expect(existsSync(kept)).toBe(true);
});

test('what cannot be installed or removed is told, with the names of those that can', async () => {
  emptyCache();
  const names = onRequest.join(', ');
  const sentences = [
    [['install'], `Name a server, or give --all. Servers: ${names}.`],
    [['remove', 'git'], `The server git comes with Toolstone and is not removed. Those that can be: ${names}.`],
    [['install', 'nope'], 'There is no server "nope".'],
  ] as const;
  for (const [words, sentence] of sentences)
    expect(await toolstone('servers', ...words)).toMatchObject({ code: 2, stderr: expect.stringContaining(sentence) });
  const removed = await toolstone('servers', 'remove', 'ohno-tasks');
  expect(removed).toMatchObject({ code: 0, stdout: expect.stringContaining('ohno-tasks is not in the cache') });
});

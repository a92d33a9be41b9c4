import { expect, onTestFinished, test, vi } from 'vitest';
import { OFFERED } from '../envs/offered-servers.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const onRequest = serverNames.filter((name) => serverDefinition(name).onRequest !== undefined);

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

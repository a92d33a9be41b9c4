import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { onTestFinished, expect, test } from 'vitest';
import { inOwnGroup } from '../../envs/processes/process-group.ts';
import { signalGroup } from '../../envs/processes/supervisor.ts';

test('a program leads a group of its own, and a signal to the group reaches its children', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    process.stdout.write(String(child.pid));`;
  const launch = inOwnGroup(process.execPath, ['-e', `${script}setInterval(() => {}, 1000)`]);
  const leader = spawn(launch.command, launch.arguments, {
    detached: launch.detached,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = leader.pid as number;
  onTestFinished(() => signalGroup(pid, 'SIGKILL'));
  const child = await new Promise<string>((resolve) => leader.stdout.once('data', (text) => resolve(String(text))));
  expect(groupOf(pid), 'group of the leader').toBe(pid);
  expect(groupOf(Number(child)), 'group of its child').toBe(pid);
  expect(pid).not.toBe(groupOf(process.pid));
  signalGroup(pid, 'SIGKILL');
  await expect.poll(() => groupOf(Number(child))).toBe(null);
});

/** Process group of a living process (Linux), else null. */
function groupOf(pid: number): number | null {
  try {
    const [state, , group] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ');
    return state === 'Z' ? null : Number(group);
  } catch {
    return null;
  }
}

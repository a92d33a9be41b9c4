import { removeWorlds } from './leftovers.ts';

/**
 * Runs as a process of its own. Its standard input comes from the harness: `+group 12`, `-group 12`, `+folder /x`,
 * `-folder /x`, one a line. When that pipe closes, for whatever reason (SIGKILL included), what is still on the list
 * goes: process groups by SIGKILL, then folders.
 */
const groups = new Set<number>();
const folders = new Set<string>();
let rest = '';

function heed(line: string): void {
  const space = line.indexOf(' ');
  const [verb, value] = [line.slice(0, space), line.slice(space + 1)];
  if (verb === '+group') groups.add(Number(value));
  if (verb === '-group') groups.delete(Number(value));
  if (verb === '+folder') folders.add(value);
  if (verb === '-folder') folders.delete(value);
}

function cleanUp(): void {
  for (const group of groups) {
    // The leader alone where it has no group yet.
    if (!isKilled(-group)) isKilled(group);
  }
  for (const folder of folders) removeWorlds(folder);
}

function isKilled(target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL');
  } catch {
    return false; // gone already
  }
}

// A terminal's Ctrl-C is meant for the harness; this process has to outlive it.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) heed(line);
});
process.stdin.on('close', cleanUp);

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { machineParts, partsText } from '../../commands/shared/machine.ts';
import { ownPathIn } from '../../core/own-module.ts';
import { confinementLevels } from '../../core/confinement.ts';
import { chooseConfinement, confinement, confinementNote } from '../../envs/confinement/choice.ts';
import { wallOf } from '../../envs/confinement/levels/walls.ts';
import { realPaths } from '../../envs/client-files/real-paths.ts';
import obsidian from '../../envs/servers/obsidian.ts';
import { requireWorlds } from '../../envs/world-places.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { WORKING_LEVELS } from './levels.ts';

/*
 * What holds on macOS and Windows, neither of which is here: this process believes that it runs there. Of macOS the namespaces of
 * Linux also hide what only Linux has, `/proc` and `/dev/shm`.
 */

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));

function pretend(platform: 'darwin' | 'win32'): void {
  const before = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
  Object.defineProperty(process, 'platform', { ...before, value: platform });
  onTestFinished(() => void Object.defineProperty(process, 'platform', before));
}

/** A command line in a process of its own that believes the same, its threads and probes included. */
function toolstoneOn(platform: 'darwin' | 'win32', words: readonly string[], before: readonly string[] = []) {
  const hook = `data:text/javascript,Object.defineProperty(process,'platform',{value:'${platform}'})`;
  const [program = '', ...args] = [...before, process.execPath, entry, ...words];
  const env = { ...process.env, NODE_OPTIONS: `--import ${hook}` };
  return spawnSync(program, args, { encoding: 'utf8', env });
}

describe('on macOS', () => {
  test('no wall works, checks of arguments hold, and the note names no command that only Linux has', () => {
    const cures = confinementLevels.flatMap((level) => wallOf(level)?.cure ?? []);
    pretend('darwin');
    expect(confinement()).toEqual({ level: 'arguments', isStrict: false });
    const note = confinementNote(confinement());
    expect(note).toMatch(/^Servers are confined by checks of their arguments alone\. .*Stronger levels need Linux/);
    for (const cure of cures) expect(note).not.toContain(cure);
    expect(() => chooseConfinement('strict')).toThrow(
      'No strict level of confinement works on this machine: bubblewrap (only Linux has it). namespaces (only Linux has it).',
    );
    expect(() => chooseConfinement('landlock')).toThrow(/ Landlock \(only Linux has it\)\.$/);
    expect(requireWorlds).not.toThrow();
  });

  test('doctor asks for nothing of Linux', () => {
    pretend('darwin');
    const text = partsText(machineParts());
    expect(text).toMatch(/^walls +MISSING +confine servers beyond checks of their arguments$/m);
    expect(text).not.toMatch(/apt|sysctl|\/dev\/shm|Landlock|bubblewrap/);
  });

  test.skipIf(!WORKING_LEVELS.includes('namespaces'))('a run plays its tasks, without /proc and shared memory', () => {
    const out = join(temporaryFolder(), 'run');
    const hide = 'mount -t tmpfs -o ro none /dev/shm && mount -t tmpfs none /proc && exec "$0" "$@"';
    const words = ['run', '--policy', 'oracle', '--suite', 'micro', '--limit', '1', '--out', out];
    const ended = toolstoneOn('darwin', words, ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', hide]);
    expect(ended.stderr).toContain('Servers are confined by checks of their arguments alone.');
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringMatching(/^oracle +test +1\.00/m) });
  });

  test('paths of its system are programs, and those of a user are copied into the world', () => {
    const { placed } = realPaths('/Users/ada', { hasFolder: true, isReal: false, refuse: () => undefined });
    for (const path of ['/Applications/Notes.app/notes', '/Library/Python/bin/uvx', '/System/Library/x'])
      expect(placed(path, false)).toEqual([path]);
    expect(placed('/Users/ada/notes', false)).toEqual([null, '/notes']);
  });

  test('the vault of obsidian finds a place in the home folder, which is neither hidden nor the system’s', () => {
    expect(obsidian.refusesFolder('/Users/ada/.cache/toolstone/toolstone-x/lane-00/obsidian')).toMatch(/hidden/);
    expect(obsidian.refusesFolder('/Users/ada/toolstone-x/lane-00/obsidian')).toBeUndefined();
  });
});

describe('on Windows', () => {
  const sentence = /starts no MCP servers on Windows, .* Run it in the Windows Subsystem for Linux/;

  test('whatever would start a server is refused in a sentence, from the library and from the command line', () => {
    const out = join(temporaryFolder(), 'run');
    const ended = toolstoneOn('win32', ['run', '--policy', 'oracle', '--suite', 'micro', '--limit', '1', '--out', out]);
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringMatching(sentence) });
    expect(existsSync(out)).toBe(false);
    pretend('win32');
    expect(() => openWorldPool({ lanes: 1 })).toThrow(sentence);
  });

  test('doctor names the subsystem, and nothing of Linux’s own', () => {
    pretend('win32');
    const text = partsText(machineParts());
    expect(text).toMatch(/^MCP servers +MISSING +every command that plays tasks\n +add it: wsl --install/m);
    expect(text).not.toMatch(/apt|sysctl|\/dev\/shm|Landlock|bubblewrap|walls/);
  });

  test('a module of one’s own is known by a path with a drive', () => {
    expect(ownPathIn(String.raw`C:\parts\judge.ts?strict=1`)).toBe(String.raw`C:\parts\judge.ts`);
    expect(ownPathIn('D:/parts/judge.mjs')).toBe('D:/parts/judge.mjs');
    expect(ownPathIn('c:judge')).toBeUndefined();
  });
});

import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** For the rest of the test PATH finds no such program, whatever this machine has; all others are found as before. */
export function hideProgram(name: string): void {
  const folder = searchFolder();
  const searched = (process.env['PATH'] ?? '').split(delimiter).map((place, index) => {
    if (!existsSync(join(place, name))) return place;
    const rest = join(folder, String(index));
    mkdirSync(rest);
    for (const other of readdirSync(place)) if (other !== name) symlinkSync(join(place, other), join(rest, other));
    return rest;
  });
  vi.stubEnv('PATH', searched.join(delimiter));
}

/**
 * For the rest of the test PATH finds this shell script under a program's name. It stands in where the program may be absent
 * and only our decision is tested: that what was found is used, and how it is called.
 */
export function standInFor(name: string, script: string): string {
  const path = join(searchFolder(), name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  vi.stubEnv('PATH', `${dirname(path)}${delimiter}${process.env['PATH']}`);
  return path;
}

/** Path of the first of these programs that PATH finds, or `null`. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A folder for programs that is gone after the test, as is what the test changed of PATH. */
function searchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-programs-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

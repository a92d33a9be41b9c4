import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

/**
 * Removes a folder with all that it holds, whatever a program left there: names that are no text, closed folders, paths too
 * long to name. Returns whether it is gone.
 */
export function removeWhole(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    if (!existsSync(folder)) return true;
  } catch {
    // Told by what is still there.
  }
  // The system's own programs go from folder to folder, and so need no whole path.
  spawnSync('chmod', ['-R', 'u+rwx', folder], { stdio: 'ignore' });
  spawnSync('rm', ['-rf', folder], { stdio: 'ignore' });
  return !existsSync(folder);
}

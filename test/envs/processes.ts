import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Ids of live processes whose command line holds a text, of one parent where given. Other test files run beside us. */
export function processesWith(text: string, parent?: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // "pid (name) state ppid …"; the name may hold anything.
      const [state, parentId] = (readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ');
      const isOurs = state !== 'Z' && (parent === undefined || Number(parentId) === parent);
      return isOurs && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Folder of worlds that these processes work in, '' where none of it exists.
 * In mount namespaces of its own a process's working directory is told without what lies above the mount; the command that made them names it whole.
 */
export function worldsOf(processes: readonly number[]): string {
  const told = processes.flatMap((id) => [
    readlinkSync(`/proc/${id}/cwd`),
    ...readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0'),
  ]);
  const folders = told.flatMap((text) => /^\/.*\/toolstone-\w{6}(?=\/|$)/.exec(text)?.[0] ?? []);
  return folders.find((folder) => existsSync(folder)) ?? '';
}

/** Waits until a condition holds; returns whether it came to hold in time. */
export async function eventually(holds: () => boolean, milliseconds = 5000): Promise<boolean> {
  for (let waited = 0; waited < milliseconds; waited += 50) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return holds();
}

import { readdirSync, readFileSync } from 'node:fs';

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

/** Waits until a condition holds; returns whether it came to hold in time. */
export async function eventually(holds: () => boolean, milliseconds = 5000): Promise<boolean> {
  for (let waited = 0; waited < milliseconds; waited += 50) {
    if (holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return holds();
}

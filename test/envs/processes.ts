import { readdirSync, readFileSync } from 'node:fs';

/** Ids of live processes whose command line holds a text. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const isZombie = /\) Z /.test(readFileSync(`/proc/${name}/stat`, 'utf8'));
      return !isZombie && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text) ? [Number(name)] : [];
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

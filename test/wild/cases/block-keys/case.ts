import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from '../../lib/case.ts';

/** Keys that clients have in a server's block are heeded, or passed over with a note. */
const blockKeys: Case = async ({ folder, command }) => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
    const { code, stdout, stderr } = await command(['tasks', 'check', join(folder, file)]);
    expect([code, stdout], file + stderr).toEqual([0, expect.stringContaining('sound')]);
  }
};
export default blockKeys;

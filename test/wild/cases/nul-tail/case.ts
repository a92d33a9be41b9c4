import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from '../../lib/case.ts';

/** A power cut leaves NUL bytes at the end of a file; the same command goes on all the same. */
const nulTail: Case = async ({ folder, scratch, command, episodes }) => {
  const run = join(scratch, 'run');
  const words = ['run', '--policy', 'oracle', '--tasks', join(folder, 'tasks.yaml'), '--out', run];
  expect((await command(words)).code).toBe(0);
  appendFileSync(join(run, 'trajectories.jsonl'), Buffer.alloc(4096));
  const { code, stderr } = await command(words);
  expect(code, stderr).toBe(0);
  expect(episodes(run)).toMatchObject([{ success: { verified: true } }]);
};
export default nulTail;

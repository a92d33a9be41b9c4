import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileKernel } from './compile-kernel.ts';

test('recompiling kernel.as gives the committed bytes', { timeout: 60_000 }, async () => {
  const committed = readFileSync(new URL('../../core/tensor/kernel-bytes.ts', import.meta.url), 'utf8');
  expect(await compileKernel()).toBe(committed);
});

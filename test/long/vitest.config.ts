import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Steps of `.ci/long`: one after the other, each for as long as it takes. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/long/*.long.ts'],
    fileParallelism: false,
    testTimeout: 4 * 3_600_000,
    hookTimeout: 600_000,
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    reporters: ['default', './test/closing-line-reporter.ts'],
  },
});

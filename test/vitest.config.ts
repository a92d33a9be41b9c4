import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // Some files wait for servers and timers: on two cores three at a time take a tenth less than two.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each command that a test starts would compile the whole program again, half of its time.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    reporters: ['default', './test/closing-line-reporter.ts'],
  },
});

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** They set variables of the environment, start processes, or teach the process servers and secrets of their own. */
const alone = [
  'test/{cli,envs,finetune,fuzz,live,models,pack,perf,wild}/**/*.test.ts',
  'test/aliases/cards.test.ts',
  'test/suites/{imported-tasks,own-tasks-*}.test.ts',
  'test/wire/{own-servers,replayed-gates}.test.ts',
  'test/judges/rubrics/*.test.ts',
  'test/optional-parts.test.ts',
];

export default defineConfig({
  // What modules of a user's own, and the examples, import.
  resolve: { alias: { toolstone: fileURLToPath(new URL('../commands/shared/library.ts', import.meta.url)) } },
  test: {
    root: new URL('..', import.meta.url).pathname,
    // Files wait for servers and timers half of their time, so that more of them than there are cores run at once.
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each command that a test starts would compile the whole program again, half of its time.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    reporters: ['default', './test/closing-line-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      // One process serves many files, and loads what they share once.
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
    ],
  },
});

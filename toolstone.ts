import { isMainThread } from 'node:worker_threads';

// `toolstone.cjs` starts with this file, and so do a run's worker threads. Each side loads only what it needs.
if (isMainThread) {
  const { commandLine } = await import('./commands/shared/command-line.ts');
  await commandLine(process.argv.slice(2));
} else {
  const { serveSuiteJobs } = await import('./commands/shared/worker.ts');
  await serveSuiteJobs();
}

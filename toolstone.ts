#!/usr/bin/env node
// First of all: on an older Node nothing below can be loaded.
import './core/node-version.ts';
import { isMainThread } from 'node:worker_threads';

// A run's worker threads begin with this file, too. Each side loads only what it needs.
if (isMainThread) {
  const { commandLine } = await import('./commands/shared/command-line.ts');
  await commandLine(process.argv.slice(2));
} else {
  const { serveSuiteJobs } = await import('./commands/shared/worker.ts');
  await serveSuiteJobs();
}

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLineHashes } from '../../core/record/line-hashes.ts';
import syntheticRun from '../reports/synthetic-run.ts';
import type { Form, Input } from './reader.ts';

const formOf = (name: string): Form => (name.endsWith('.jsonl') ? 'lines' : 'json');

/** The folder of a small run as valid input: as older versions wrote it, and with hashes and chain. */
export function recordedRun(): { readonly unhashed: Input; readonly hashed: Input } {
  const { manifest, trajectories, learning, timings, systems } = syntheticRun({ seeds: 1, tasks: 2 });
  const jobs = [manifest.jobs.find(({ training }) => training), manifest.jobs.find(({ policy }) => policy === 'oracle')]
    .filter((job) => job !== undefined)
    .map((job) => ({ ...job, evaluations: job.evaluations.slice(0, 1) }));
  const names = new Set(jobs.map(({ name }) => name));
  const episodes = trajectories.filter(({ key }) => names.has(key.job) && key.phase !== 'held-out-server');
  const ofJobs = <T extends { readonly job: string }>(all: readonly T[]) => all.filter(({ job }) => names.has(job));
  const texts = {
    'manifest.json': JSON.stringify({ ...manifest, jobs }),
    'trajectories.jsonl': linesOf(firstOfEach(episodes, ({ key }) => `${key.job} ${key.phase}`)),
    'learning.jsonl': linesOf(ofJobs(learning)),
    'timings.jsonl': linesOf(ofJobs(timings)),
    'systems.jsonl': linesOf(systems),
  };
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-fuzz-run-'));
  const hashes = openLineHashes(folder);
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  for (const name of ['trajectories.jsonl', 'learning.jsonl', 'systems.jsonl'] as const)
    hashes.adopt(name, join(folder, name));
  hashes.seal();
  hashes.close();
  const hashed = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  rmSync(folder, { recursive: true });
  return { unhashed: inputOf(Object.entries(texts)), hashed: inputOf(hashed) };
}

const inputOf = (texts: readonly (readonly [string, string])[]): Input =>
  Object.fromEntries(texts.map(([name, text]) => [name, { form: formOf(name), text }]));

/** One of each kind: what is small is mutated everywhere. */
function firstOfEach<T>(all: readonly T[], kindOf: (one: T) => string): T[] {
  return [...new Map(all.toReversed().map((one) => [kindOf(one), one])).values()];
}

const linesOf = (all: readonly unknown[]): string => all.map((one) => `${JSON.stringify(one)}\n`).join('');

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { ScoredTrajectory } from '../../../core/trajectory.ts';
import { type Finished, startIn } from '../../cli/toolstone.ts';
import { startEndpoint } from './endpoint.ts';
import type { Script } from './script.ts';

/** What a case's folder says of it, in `expected.json`. Patterns are regular expressions without flags. */
interface Expected {
  /** Also where not all cases are asked for. */
  readonly always?: true;
  /** Why it cannot be met yet. */
  readonly todo?: string;
  /** By default the scripted model where the folder has one, else `oracle`. */
  readonly policy?: string;
  /** Further words of `toolstone run`. */
  readonly flags?: readonly string[];
  /** Exit code, 0 by default. */
  readonly code?: number;
  /** A part of every episode's record; by default that it succeeded. */
  readonly episode?: object;
  /** Some observation of the first episode matches each. */
  readonly observations?: readonly string[];
  readonly stdout?: readonly string[];
  readonly stderr?: readonly string[];
  /** Bodies of the requests to the model, all in one, match each. */
  readonly requests?: readonly string[];
  /** In nothing of all this. */
  readonly never?: readonly string[];
  /** What `tasks check` ends with and prints of a file of the folder. */
  readonly checks?: readonly { readonly file: string; readonly code?: number; readonly stdout?: readonly string[] }[];
}

/** What a case that is more than one run has to work with: the default export of its `case.ts`. */
export interface Tools {
  /** The case's own folder, and one that is gone afterwards. */
  readonly folder: string;
  readonly scratch: string;
  /** A command line in a process of its own. */
  readonly command: (words: readonly string[], environment?: NodeJS.ProcessEnv) => Promise<Finished>;
  /** Records of the episodes in a run folder. */
  readonly episodes: (run: string) => readonly ScoredTrajectory[];
}
export type Case = (tools: Tools) => Promise<void>;

const folders = fileURLToPath(new URL('../cases/', import.meta.url));
export const caseNames: readonly string[] = readdirSync(folders);

export const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(join(folders, name, 'expected.json'), 'utf8')) as Expected;

/** Runs a case through the command line and compares what comes with what its folder expects. */
export async function runCase(name: string): Promise<void> {
  const folder = join(folders, name);
  const scratch = mkdtempSync(join(tmpdir(), 'toolstone-wild-'));
  try {
    const tools = { folder, scratch, command, episodes };
    if (existsSync(join(folder, 'case.ts'))) await (await exportOf<Case>(folder, 'case.ts'))(tools);
    else await meetExpected(expectedOf(name), tools);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function exportOf<Value>(folder: string, file: string): Promise<Value> {
  return ((await import(pathToFileURL(join(folder, file)).href)) as { default: Value }).default;
}

function command(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  // Servers of the cases are started as `node`, which has to be one that reads TypeScript.
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return startIn({ ...process.env, PATH: path, ...environment }, ...words).finished;
}

function episodes(run: string): readonly ScoredTrajectory[] {
  const lines = readFileSync(join(run, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as ScoredTrajectory);
}

async function meetExpected(expected: Expected, tools: Tools): Promise<void> {
  const { folder, scratch } = tools;
  const hasModel = existsSync(join(folder, 'model.ts'));
  await using endpoint = await startEndpoint(hasModel ? await exportOf<Script>(folder, 'model.ts') : () => ({}));
  const tasks = readdirSync(folder).find((file) => file.startsWith('tasks.')) as string;
  const run = join(scratch, 'run');
  const policy = expected.policy ?? (hasModel ? 'openai:stub' : 'oracle');
  const words = ['run', '--policy', policy, '--tasks', join(folder, tasks), '--out', run, '--concurrency', '1'];
  const url = `http://127.0.0.1:${endpoint.port}`;
  const environment = { OPENAI_BASE_URL: `${url}/v1`, OLLAMA_HOST: url };
  const finished = await tools.command([...words, ...(expected.flags ?? [])], environment);
  expect(finished.code, finished.stderr).toBe(expected.code ?? 0);
  const records = existsSync(join(run, 'trajectories.jsonl')) ? episodes(run) : [];
  const seen = records.map(({ turns, outcome }) => ({
    outcome,
    turns: turns.flatMap(({ calls }) => calls.map(({ observation }) => observation.text)),
  }));
  for (const record of records)
    expect(record, JSON.stringify(seen)).toMatchObject(expected.episode ?? { success: { verified: true } });
  const texts = seen[0]?.turns ?? [];
  const requests = endpoint.requests.join('\n');
  for (const pattern of expected.observations ?? [])
    expect(texts).toContainEqual(expect.stringMatching(new RegExp(pattern)));
  for (const [where, text] of Object.entries({ stdout: finished.stdout, stderr: finished.stderr, requests })) {
    for (const pattern of expected[where as 'stdout'] ?? []) expect(text, where).toMatch(new RegExp(pattern));
    for (const pattern of expected.never ?? []) expect(text, where).not.toMatch(new RegExp(pattern));
  }
  for (const pattern of expected.never ?? []) expect(texts.join('\n')).not.toMatch(new RegExp(pattern));
  for (const { file, code = 0, stdout = [] } of expected.checks ?? []) {
    const checked = await tools.command(['tasks', 'check', join(folder, file)], environment);
    expect(checked.code, checked.stdout + checked.stderr).toBe(code);
    for (const pattern of stdout) expect(checked.stdout).toMatch(new RegExp(pattern));
  }
}

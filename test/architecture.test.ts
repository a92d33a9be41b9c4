import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/** Who may import whom (DESIGN: folders). What is not listed may import everything. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  envs: ['core'],
  suites: ['core', 'envs', 'judges'],
  judges: ['core'],
  baselines: ['core'],
  finetune: ['core', 'envs', 'judges'],
  reports: ['core'],
};
/** Numbers come from seeds and names; clock time goes into `timings.jsonl`, progress, deadlines of endpoints and `perf`. */
const mayReadClock = [
  'toolstone.ts',
  'suites/job-thread.ts',
  'core/run-jobs.ts',
  'core/models/connection.ts',
  'core/perf.ts',
];
/** Ids of sessions: nobody may guess them, and no record holds them. */
const mayDraw = ['finetune/ors/sessions.ts'];
/** Where the user's environment is heeded. */
const mayReadEnvironment = [
  'core/models/open.ts',
  'core/models/openai.ts',
  'envs/bubblewrap.ts',
  'envs/git-repository.ts',
  'envs/own-server.ts',
  'envs/servers/git.ts',
  'envs/world-folders.ts',
  'finetune/drive/python.ts',
];
/** Single algorithms; everything else ends at 300 lines. */
const mayHave350Lines = /^(baselines\/[\w-]+|core\/tensor\/[\w-]+)\.ts$/;

/** What a source file does that the house rules forbid, one phrase each. */
function faultsOf(path: string, text: string): string[] {
  const folder = path.split('/')[0] ?? '';
  const allowed = mayImport[folder];
  const isTest = folder === 'test';
  const faults: string[] = [];
  for (const [, specifier = ''] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (specifier.startsWith('@modelcontextprotocol/sdk') && folder !== 'envs' && !isTest)
      faults.push('imports the MCP SDK');
    if (!specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(path), specifier).split('/')[0] ?? '';
    if (allowed && target !== folder && !allowed.includes(target)) faults.push(`imports ${target}`);
  }
  const lines = text.split('\n').length - 1;
  if (lines > (mayHave350Lines.test(path) ? 350 : 300)) faults.push(`has ${lines} lines`);
  if (/(^|\/)(index|utils?|helpers?|misc|common)\.ts$/.test(path)) faults.push('has a name that says nothing');
  if (/^export \* from/m.test(text)) faults.push('is a barrel');
  if (isTest) return faults;
  if (/\bMath\.random\(|\brandom(UUID|Bytes|Int)\(/.test(text) && !mayDraw.includes(path))
    faults.push('draws numbers without a seed');
  if (/\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bhrtime\b/.test(text) && !mayReadClock.includes(path))
    faults.push('reads the clock');
  if (/\bprocess\.env\b/.test(text) && !mayReadEnvironment.includes(path)) faults.push('reads the environment');
  if (/\bconsole\./.test(text)) faults.push('writes to the console');
  if (/["'`]\/(home|root|Users|workspace)\//.test(text)) faults.push('names a path of one machine');
  if (/\bapi[_-]?key\s*[:=]\s*["'`][\w-]{8,}/i.test(text)) faults.push('holds a key');
  return faults;
}

const sources = ['toolstone.ts', ...[...Object.keys(mayImport), 'test'].flatMap(filesBelow)];

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  } catch {
    return []; // a folder of DESIGN that nobody needed yet
  }
}

describe('the house rules', () => {
  test('hold in every source file', () => {
    expect(sources.length).toBeGreaterThan(150);
    const faults = sources.flatMap((path) =>
      faultsOf(path, readFileSync(join(root, path), 'utf8')).map((fault) => `${path} ${fault}`),
    );
    expect(faults).toEqual([]);
  });

  test.each([
    ['core/a.ts', 'imports envs', "import { openLane } from '../envs/lane.ts';"],
    ['judges/a.ts', 'imports suites', "const { a } = await import('../suites/a.ts');"],
    ['baselines/deep/a.ts', 'imports reports', "import type { View } from '../../reports/views.ts';"],
    ['suites/a.ts', 'imports the MCP SDK', "import { Client } from '@modelcontextprotocol/sdk/client/index.js';"],
    ['core/a.ts', 'is a barrel', "export * from './b.ts';"],
    ['core/index.ts', 'has a name that says nothing', ''],
    ['envs/a.ts', 'draws numbers without a seed', 'const id = Math.random();'],
    ['envs/a.ts', 'draws numbers without a seed', 'const id = randomUUID();'],
    ['core/a.ts', 'reads the clock', 'const start = performance.now();'],
    ['core/a.ts', 'reads the clock', 'const day = new Date();'],
    ['core/a.ts', 'reads the environment', "const key = process.env['OPENAI_API_KEY'];"],
    ['core/a.ts', 'writes to the console', "console.log('here');"],
    ['core/a.ts', 'names a path of one machine', "const home = '/home/somebody/runs';"],
    ['core/a.ts', 'holds a key', "const apiKey = 'sk-abcdefgh';"],
    ['core/a.ts', 'has 301 lines', 'a\n'.repeat(301)],
  ])('find a planted fault: %s %s', (path, fault, text) => {
    expect(faultsOf(path, text)).toEqual([fault]);
  });
});

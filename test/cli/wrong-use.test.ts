import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder, toolstone, toolstoneProcess, type Finished } from './toolstone.ts';

/** An address at which nobody listens, whatever runs on this machine. */
const nobody = 'http://127.0.0.1:9';
beforeEach(() => void vi.stubEnv('OLLAMA_HOST', nobody));
afterEach(() => void vi.unstubAllEnvs());

const wrongUses = [
  [['bench', '--seedz', '3'], /unknown option '--seedz'/],
  [['bench', '--episodes', '0'], /whole number of at least 1/],
  [['bench', '--view', 'sideways'], /Allowed choices are eager, native, search, server, tool/],
  [['bench', '--suite', 'nope'], /no suite "nope".*Known: .*basic/],
  [['experiment', 'nope'], /no experiment "nope".*Known: .*rewards/],
  [['experiment', 'ablations', '--rows', 'nope'], /no row "nope"\. It has "as it is", /],
  [['experiment', 'rewards', '--judge', 'embedded'], /takes no judge.*run the experiment language-judge/],
  [['experiment', 'language-judge', '--judge', 'embedded', '--reward', 'state-share'], /leaves nothing to run/],
  [['train', '--families', 'file-nots'], /no family "file-nots" in train\. It has .*file-notes/],
  [['run', '--polcy', 'no-op'], /unknown option '--polcy'\s+\(Did you mean --policy\?\)/],
  [['run'], /required option '--policy <name\.\.\.>' not specified/],
  [['run', '--policy', 'nope'], /no policy "nope".*Known: llama:FILE.gguf, no-op, /],
  [['run', '--policy', 'a b=no-op'], /The label "a b" .* is no plain name\. Give letters/],
  [['run', '--policy', '=no-op'], /The label "" .* is no plain name/],
  [['run', '--policy', 'x=no-op', 'x=oracle'], /Two policies are called "x".*label of its own/],
  [['run', '--policy', 'no-op', '--policy', 'no-op'], /Two policies are called "no-op"/],
  [['run', '--policy', 'x='], /There is no policy ""/],
  [['run', '--policy', 'no-op', '--split', 'test', '--split', 'nope'], /Allowed choices are train, /],
  [['run', '--policy', 'no-op', '--tasks', '60'], /ends in \.yaml.*--limit/],
  [['run', '--policy', 'pointer:nowhere.checkpoint'], /no checkpoint .*nowhere\.checkpoint/],
  [['run', '--policy', 'llama:nowhere.gguf'], /nowhere\.gguf cannot be read .*Give the path of a \.gguf file/],
  [['run', '--policy', 'llama:package.json'], /package\.json is no GGUF file/],
  [['run', '--policy', 'ollama:tiny'], /cannot be reached.*ollama serve/],
  [['report', 'nope'], /no run "nope"/],
  [['gate', 'nope'], /no run "nope"/],
  [['judge-train', '--limit', '4'], /would replace those that come with Toolstone.*--out/],
  [['gate', '--reference', 'nowhere'], /no reference at nowhere.*--accept.*--reference/],
  [['finetune', 'sft', '--base', 'x.gguf', '--contrasts', '--alias', '1?seed=2'], /Give --alias '1\?per=number'/],
  [
    ['finetune', 'sft', '--base', 'x.gguf', '--contrasts', '--view', 'search?k=8'],
    /Choose one of the views eager, server, tool/,
  ],
  [['serve', '--host', '0.0.0.0'], /could use the server.*token/],
  [['serve', '--reward', 'generic'], /Allowed choices are sparse, state-share, rubric/],
  [['export', 'nope', '--out', 'rows.jsonl'], /no run "nope"/],
  [['defects', '--suite', 'nope'], /no suite "nope"/],
  [['tasks', 'check', 'nowhere.yaml', '--quiet'], /nowhere\.yaml/],
  [['tasks', 'import', '--format', 'nope', 'a', 'b.yaml'], /Allowed choices are .*bfcl/],
  [['train', '--judge', 'nope'], /no judge "nope"/],
  [['train', '--judge', 'embedded', '--reward', 'sparse'], /No judge is asked for the reward sparse/],
  [['train', '--unfit', 'accept'], /apply to a judge other than code: name it with --judge/],
  [['train', '--reward', 'sparse', '--rubric', 'generic'], /reward sparse: leave out --judge, --rubric and --formula/],
  [['train', '--rubric', 'task'], /Suite basic states no criteria: task files do/],
  [['train', '--judge', 'noisy:0.6/0.6'], /unfit for 12 of 12 criteria: .*"values-right".*reaches down to 0\.7/],
  [['train', '--judge', 'embedded', '--calibration', 'nowhere.json'], /Cannot read the calibration nowhere\.json/],
  [['train', '--algorithm', 'nope'], /Known: a2c, .*grpo.*also as NAME\?setting=value/],
] as const;

function expectSentence({ code, stderr }: Finished, sentence: RegExp): void {
  expect(code, stderr).toBe(2);
  expect(stderr).toMatch(sentence);
  expect(stderr, 'no stack for a user').not.toMatch(/\n {4}at /);
}

test.each(wrongUses)('%j ends with 2 and a sentence', async (args, sentence) => {
  expectSentence(await toolstone(...args), sentence);
});

test('and so it does as a process of its own', async () => {
  const [args, sentence] = wrongUses[0];
  expectSentence(await toolstoneProcess(...args), sentence);
});

test('help and version are answered with 0', async () => {
  const [help, version] = await Promise.all([toolstoneProcess('--help'), toolstone('--version')]);
  expect([help.code, version.code]).toEqual([0, 0]);
  expect(help.stdout).toMatch(/bench[\s\S]*experiment[\s\S]*gate/);
});

const small = (out: string) => ['run', '--policy', 'no-op', '--limit', '2', '--out', out] as const;

test('a folder that is not ours, in use, of another run or not writable is refused and left alone', async () => {
  const folder = temporaryFolder();
  const [foreign, file, run] = ['foreign', 'file', 'run'].map((name) => join(folder, name)) as [string, string, string];
  mkdirSync(foreign);
  mkdirSync(join(foreign, 'tables'));
  writeFileSync(join(foreign, 'tables', 'thesis.md'), 'years of work');
  writeFileSync(file, '');
  expect((await toolstone(...small(run))).code).toBe(0);
  const [inForeign, below, other] = await Promise.all([
    toolstone(...small(foreign), '--fresh'),
    toolstone(...small(join(file, 'below'))),
    toolstone('run', '--policy', 'random', '--limit', '2', '--out', run),
  ]);
  expect([inForeign.code, below.code, other.code]).toEqual([2, 2, 2]);
  expect(inForeign.stderr).toMatch(/not empty and holds no run \(tables\).*--out/);
  expect(readFileSync(join(foreign, 'tables', 'thesis.md'), 'utf8')).toBe('years of work');
  expect(below.stderr).toMatch(/Cannot write/);
  expect(other.stderr).toMatch(/holds another run \(it differs in jobs|holds another run \(it differs in name/);
}, 60_000);

test('a corrupt record is answered with file, line and cure', async () => {
  const run = join(temporaryFolder(), 'run');
  expect((await toolstone(...small(run))).code).toBe(0);
  const path = join(run, 'trajectories.jsonl');
  writeFileSync(path, `nonsense\n${readFileSync(path, 'utf8')}`);
  for (const args of [small(run), ['report', run]] as const) {
    const { code, stderr } = await toolstone(...args);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/trajectories\.jsonl.*line 1/);
  }
}, 60_000);

const canMount = (() => {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
})();

test.runIf(canMount)(
  'a full disk is named, and what was written stays',
  async () => {
    const folder = temporaryFolder();
    const entry = new URL('../../toolstone.ts', import.meta.url).pathname;
    const command = [
      `mount -t tmpfs -o size=64k tmpfs ${folder}`,
      `${process.execPath} ${entry} run --policy oracle --limit 40 --out ${folder}/run; code=$?`,
      `node -e 'const lines = require("fs").readFileSync("${folder}/run/trajectories.jsonl", "utf8").trimEnd().split("\\n"); lines.map(JSON.parse); console.log("whole lines", lines.length)'`,
      'exit $code',
    ].join('\n');
    let output = '';
    let code = 0;
    try {
      output = execFileSync('unshare', ['--mount', 'bash', '-c', command], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const failed = error as { status: number; stdout: string; stderr: string };
      [code, output] = [failed.status, failed.stdout + failed.stderr];
    }
    expect(code, output).toBe(2);
    expect(output).toMatch(/the disk is full: free some space/);
    expect(output).toMatch(/whole lines \d/);
  },
  180_000,
);

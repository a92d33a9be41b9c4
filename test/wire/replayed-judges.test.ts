import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { atlasReply } from '../judges/rubrics/writer-before.ts';
import { filled } from '../judges/language/judge-before.ts';
import { modelBefore } from '../models/model-before.ts';
import { isWhole } from '../whole.ts';

const key = 'sk-planted-key-0123456789';
const [model, nowhere] = ['openai:tiny?key-env=PLANTED_KEY', 'http://127.0.0.1:9'];

/** An endpoint whose verdicts are drawn, and which says its key. */
async function endpoint() {
  const before = await modelBefore('openai', ({ schema }, number) => {
    const isRubric = JSON.stringify(schema).includes('description');
    if (isRubric) return JSON.stringify(atlasReply());
    return `${JSON.stringify(filled(schema as never, () => (number % 2 === 0 ? 'yes' : 'no')))} ${key}`;
  });
  vi.stubEnv('PLANTED_KEY', key);
  return before;
}

/** From now on nobody answers. */
function gone(): void {
  vi.stubEnv('OPENAI_BASE_URL', `${nowhere}/v1`);
  vi.stubEnv('PLANTED_KEY', '');
}

const linesOf = (recording: string): string[] =>
  gunzipSync(readFileSync(join(recording, 'wire.jsonl.gz')))
    .toString()
    .trimEnd()
    .split('\n');

const well = async (...words: readonly string[]) => {
  const finished = await toolstone(...words);
  expect(finished.code, finished.stderr).toBe(0);
  return finished;
};

test.runIf(isWhole)(
  'judge, calibrate and rubrics are replayed without their model, and what a recording lacks is no verdict',
  async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    const text = (run: string) => readFileSync(join(at(run), 'trajectories.jsonl'), 'utf8');
    const suite = ['--suite', 'smoke', '--limit', '2'];
    await well('run', '--policy', 'no-op', ...suite, '--out', at('run'));
    const labels = text('run')
      .trimEnd()
      .split('\n')
      .map((line) => keyText((JSON.parse(line) as ScoredTrajectory).key))
      .map((trajectory) => ({ trajectory, criterion: 'steps-done', label: 1, rater: 'a', source: 'human' }));
    writeFileSync(at('labels.jsonl'), labels.map((label) => JSON.stringify(label)).join('\n'));
    const judge = ['judge', at('run'), '--judge', model];
    const calibrate = ['calibrate', at('run'), '--judge', model, '--labels', at('labels.jsonl')];
    const rubrics = ['rubrics', '--model', model, ...suite];

    const { asked } = await endpoint();
    await well(...judge, '--out', at('judged'), '--wire', `record:${at('rec')}`);
    const questions = asked.length;
    expect(questions).toBeGreaterThan(0);
    await well(...rubrics, '--out', at('rubrics.jsonl'), '--wire', `record:${at('rubrics-rec')}`);
    for (const name of ['rec', 'rubrics-rec']) expect(linesOf(at(name)).join('')).not.toContain(key);
    expect(linesOf(at('rec')).join('')).toContain('[secret PLANTED_KEY]');

    gone();
    const { stderr } = await well(...judge, '--out', at('strict'), '--wire', `strict:${at('rec')}`);
    expect(stderr).toContain(`Wire: the recording answered ${questions} of ${questions} requests.`);
    expect(text('strict')).toBe(text('judged'));
    await well(...calibrate, '--out', at('calibration'), '--wire', `strict:${at('rec')}`);
    await well(...rubrics, '--out', at('again.jsonl'), '--wire', `strict:${at('rubrics-rec')}`);
    expect(readFileSync(at('again.jsonl'), 'utf8')).toBe(readFileSync(at('rubrics.jsonl'), 'utf8'));

    writeFileSync(join(at('rec'), 'wire.jsonl.gz'), gzipSync(`${linesOf(at('rec')).slice(0, -1).join('\n')}\n`));
    const missing = await toolstone(...judge, '--out', at('missing'), '--wire', `strict:${at('rec')}`);
    expect(missing.code, missing.stderr).toBe(4);
    expect(missing.stderr).toMatch(
      /the recording lacks it\.[\s\S]+a chat with openai:tiny\?key-env=PLANTED_KEY, 1 times/,
    );
    expect(text('missing')).toContain('"cause":"failed"');
    expect(text('missing')).toContain('The recording holds no answer to a chat with openai:tiny');

    const other = await toolstone(
      ...judge,
      '--judge',
      'openai:other',
      '--out',
      at('x'),
      '--wire',
      `strict:${at('rec')}`,
    );
    expect(other.code).toBe(4);
    expect(other.stderr).toContain('it knows nothing of the model openai:other');
    const run = await toolstone(
      'run',
      '--policy',
      'no-op',
      ...suite,
      '--out',
      at('x'),
      '--wire',
      `strict:${at('rec')}`,
    );
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('it is of a judge or a writer of rubrics, not of a run');
  },
  300_000,
);

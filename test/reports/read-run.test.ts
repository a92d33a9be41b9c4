import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import readRun, { findRun } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const small = syntheticRun({ seeds: 1, tasks: 6 });

describe('readRun', () => {
  it('reads every line and finds each trajectory again', () => {
    using written = writeRun(small);
    const run = readRun(written.folder);
    expect(run.episodes.length, 'episodes').toBe(small.trajectories.length);
    expect(run.learning).toEqual(small.learning);
    expect(run.timings).toEqual(small.timings);
    expect(run.notes).toEqual([]);
    const stored = openTrajectories(written.folder);
    for (const index of [0, 17, run.episodes.length - 1]) {
      expect(stored.at(run.episodes[index]!.place)).toEqual(small.trajectories[index]);
    }
    stored.close();
  });

  it('sums tokens by source exactly: the four prompt sources are the prompts', () => {
    using written = writeRun(small);
    for (const { tokens } of readRun(written.folder).episodes) {
      expect(tokens.system + tokens.schemas + tokens.results + tokens.history).toBe(tokens.prompt);
      expect(Object.values(tokens.schemasByServer).reduce((sum, one) => sum + one, 0)).toBe(tokens.schemas);
    }
  });

  it('tells of first prompts that did not fit, view by view, once', () => {
    const trajectories = small.trajectories.map((one, index) =>
      index < 3
        ? ({
            ...one,
            view: 'eager',
            turns: [],
            overflow: { promptTokens: 120_000 - index, contextTokens: 31_000 },
          } as const)
        : one,
    );
    using written = writeRun({ ...small, trajectories });
    const { notes, episodes } = readRun(written.folder);
    expect(notes).toEqual([
      expect.stringMatching(
        /^The first prompt of the eager view has 120,000 tokens, more than the limit of 31,000: 3 episodes have no turn and count as failed/,
      ),
    ]);
    expect(episodes.slice(0, 3).map(({ peakTokens }) => peakTokens)).toEqual([120_000, 119_999, 119_998]);
  });

  it('tells once of counts that cannot show whether prompts were cut, and why', () => {
    const usage = { promptTokens: 24, outputTokens: 9, unclear: 'partial' } as const;
    const trajectories = small.trajectories.map((one, index) =>
      index < 2 ? { ...one, turns: one.turns.map((turn) => ({ ...turn, usage })) } : one,
    );
    using written = writeRun({ ...small, trajectories });
    expect(readRun(written.folder).notes).toEqual([
      `In 2 of ${small.trajectories.length} episodes the endpoint's own counts cannot show whether it cut prompts: ` +
        'it seems to count only what it had not read before. No episode is void because of that; check that its context is long enough.',
    ]);
  });

  it('leaves a torn last line out and says so', () => {
    using written = writeRun(small);
    appendFileSync(join(written.folder, 'trajectories.jsonl'), '{"version":2,"key":{"job":"grpo');
    const run = readRun(written.folder);
    expect(run.episodes.length).toBe(small.trajectories.length);
    expect(run.notes).toEqual([
      `The last line of trajectories.jsonl (line ${small.trajectories.length + 1}) is incomplete and was left out; re-run the command to play its episode again.`,
    ]);
  });

  it.each([
    ['trajectories.jsonl', '{"version":2,"key"'],
    ['trajectories.jsonl', '{"version":2,"key":{"job":"unheard","phase":"test","task":"a"},"turns":[]}'],
    ['trajectories.jsonl', 'null'],
    ['learning.jsonl', '{}'],
    ['timings.jsonl', '[]'],
  ])('names file, line and cure of a broken line of %s: %s', (name, broken) => {
    using written = writeRun(small);
    const path = join(written.folder, name);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, [lines[0], broken, ...lines.slice(1)].join('\n'));
    expect(() => readRun(written.folder)).toThrow(UsageError);
    expect(() => readRun(written.folder)).toThrow(new RegExp(`${name}, line 2, is not a record.*Delete that line`));
  });

  it.each([
    ['{"version":1,', /manifest\.json is corrupt .*Restore the file/],
    ['{"version":7}', /has version 7, expected 1/],
    ['null', /has version nothing, expected 1/],
    ['{"version":1,"jobs":"none"}', /corrupt \(it lacks the key "name"\)/],
  ])('refuses the manifest %s', (text, message) => {
    using written = writeRun(small);
    writeFileSync(join(written.folder, 'manifest.json'), text);
    expect(() => readRun(written.folder)).toThrow(UsageError);
    expect(() => readRun(written.folder)).toThrow(message);
  });
});

describe('findRun', () => {
  it('finds by name and by path, and answers an unknown name with the known ones', () => {
    using written = writeRun(small);
    const runs = dirname(written.folder);
    expect(findRun('synthetic', runs)).toBe(written.folder);
    expect(findRun(written.folder, '/nowhere')).toBe(written.folder);
    expect(() => findRun('sinthetic', runs)).toThrow(/no run "sinthetic".*Known runs: synthetic\./);
  });

  it('says how to make the first run', () => {
    const empty = mkdtempSync(join(tmpdir(), 'toolstone-runs-'));
    expect(() => findRun('any', empty)).toThrow(/no runs yet: make one with `toolstone bench`/);
    rmSync(empty, { recursive: true });
  });
});

import {
  assert as assertProperty,
  array,
  boolean,
  constant,
  constantFrom,
  double,
  nat,
  option,
  property,
  record,
  sample,
  string,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { gunzipSync, gzipSync } from 'node:zlib';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import { cellsOf, episodeOfCells } from '../../core/record/episode-rows.ts';
import readRun, { type Run } from '../../core/record/read-run.ts';
import { readRows, writeRows } from '../../core/record/row-files.ts';
import { withPhrasings } from '../../reports/arms/arms.ts';
import { renderRecord, writeRecord } from '../../reports/write-record.ts';
import syntheticRun, { writeRun } from '../reports/synthetic-run.ts';

const count = nat();
// JSON, of which episodes are read, knows no −0.
const reward = option(double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0));
const word = string({ unit: 'grapheme', minLength: 1 });

/** Any episode but for what only its record holds. */
const anyEpisode: Arbitrary<Episode> = record({
  job: word,
  phase: constantFrom('test', 'validation@512', 'wording'),
  task: word.map((name) => `basic/family/test/${name}`),
  phrasing: option(word),
  seed: count,
  repetition: count,
  view: constantFrom('tool', 'eager', 'server'),
  execution: constantFrom('calls' as const, 'programs' as const, 'both' as const),
  success: option(record({ verified: boolean(), properFinish: boolean() })),
  rewards: record({ sparse: reward, 'state-share': reward, rubric: reward }),
  judged: option(record({ reward })),
  verdicts: record({ scored: count, unscored: count }),
  broken: option(string({ unit: 'grapheme' })),
  turns: count,
  lost: record({ 'no-call': count, cut: count }, { requiredKeys: [] }),
  cutReplies: count,
  events: record({ loaded: count, called: count, refused: count }),
  peakTokens: count,
  overflow: option(record({ promptTokens: count, contextTokens: count })),
  unclear: option(constantFrom('unsaid' as const, 'partial' as const)),
  tokens: record({
    system: count,
    schemas: count,
    results: count,
    history: count,
    code: count,
    output: count,
    prompt: count,
    schemasByServer: constant({}),
  }),
  cutTokens: count,
  tools: option(
    record({
      needed: count,
      shown: count,
      neededShown: count,
      unusedTokens: double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      wrongCalls: count,
      confused: array(tuple(word, option(word), count)),
    }),
  ),
  request: record({ words: count, sentences: count, quotes: count, numbers: count }),
}).map(({ broken, tokens, ...rest }) => ({
  ...rest,
  // Without programs there are no tokens of them.
  tokens: rest.execution === 'calls' ? { ...tokens, code: 0 } : tokens,
  family: 'family',
  ending: broken === null ? 'truncated: turns' : 'failed: world',
  failure: broken,
  digest: null,
  place: null,
}));

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-rows-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a row holds all of an episode that tables need, whatever is in it, and equal rows are equal bytes', () => {
  const [folder, again] = [temporary(), temporary()];
  assertProperty(
    property(array(anyEpisode, { minLength: 1, maxLength: 5 }), (some) => {
      const episodes = some.map((episode, index) => ({ ...episode, job: `${index} ${episode.job}` }));
      const rows = { episodes, learning: [], timings: [], head: 'f' };
      const jobs = new Map(episodes.map(({ job }) => [job, {} as never]));
      for (const one of [folder, again]) writeRows(one, rows, (job) => job);
      expect(readRows(folder, jobs)).toEqual(rows);
      expect(readFileSync(join(again, 'episodes.csv.gz'))).toEqual(readFileSync(join(folder, 'episodes.csv.gz')));
    }),
    { numRuns: 30 },
  );
});

test.each(['job', 'seed', 'task', 'turns', 'prompt_tokens'])('a row without %s is none', (column) => {
  const [episode] = sample(anyEpisode, { numRuns: 1, seed: 1 });
  const cells = Object.fromEntries(
    Object.entries(cellsOf(episode as Episode, 'arm')).map(([key, value]) => [
      key,
      value === null ? '' : String(value),
    ]),
  );
  expect(() => episodeOfCells({ ...cells, [column]: '' })).toThrow(`${column} is empty`);
  for (const confused of ['{', '[1]', '[["a",1,1]]', '{}'])
    expect(() =>
      episodeOfCells({
        ...cells,
        tools_needed: '1',
        tools_shown: '1',
        tools_needed_shown: '1',
        unused_schemas_tokens: '1',
        wrong_calls: '1',
        confused,
      }),
    ).toThrow('confused is no list');
  if (column === 'turns') expect(() => episodeOfCells({ ...cells, turns: 'two' })).toThrow('turns is no number (two)');
});

/** A finished run of invented episodes, and a folder for its record. */
function recorded(): { readonly run: Run; readonly folder: string } {
  using written = writeRun(syntheticRun({ seeds: 2, tasks: 6 }));
  const run = withPhrasings(readRun(written.folder), (task) => task.slice(-2));
  const folder = temporary();
  const complete = { ...run, chain: { kind: 'sealed', head: 'a'.repeat(64) } } as const;
  writeRecord(folder, complete);
  return { run: complete, folder };
}

/** What a row holds of an episode. */
const bare = (episode: Episode): Episode => ({
  ...episode,
  digest: null,
  place: null,
  tokens: { ...episode.tokens, schemasByServer: {} },
});

test('tables and page of a record are made of its rows alone, again and again the same', () => {
  const { run, folder } = recorded();
  const { files, notes, tables } = renderRecord(folder, []);
  expect(notes.at(-1)).toMatch(/^Records: elsewhere; .* the head a{64}\.$/);
  expect(tables.find(({ name }) => name === 'views')?.rows.length).toBeGreaterThan(2);
  const before = files.map((path) => readFileSync(path, 'utf8'));
  // Of an earlier record in the same folder.
  writeFileSync(join(folder, 'algorithm-differences.csv'), 'a');
  for (const path of files) rmSync(path);
  expect(renderRecord(folder, []).files.map((path) => readFileSync(path, 'utf8'))).toEqual(before);

  expect(existsSync(join(folder, 'algorithm-differences.csv'))).toBe(false);

  const { episodes } = readRun(folder);
  const evaluated = run.episodes.filter(({ phase }) => phase !== 'train');
  expect(evaluated.length).toBeGreaterThan(100);
  expect(episodes).toEqual(evaluated.map(bare));
});

const damages: Readonly<Record<string, [file: string, change: (text: string) => string, told: RegExp]>> = {
  'a row of another run': [
    'episodes.csv.gz',
    (text) => text.replaceAll('grpo-sparse-tool/seed-1', 'x'),
    /knows no job "x"/,
  ],
  'a row with a broken number': [
    'episodes.csv.gz',
    (text) => text.replace(/,tool,test,/, ',tool,,'),
    /record \d+, is damaged \(phase is empty/,
  ],
  'half a table': ['episodes.csv.gz', (text) => text.slice(0, -40), /episodes\.csv\.gz is damaged/],
  'an update of another shape': [
    'learning.jsonl.gz',
    () => '{"job":1}\n',
    /learning\.jsonl\.gz, record 1, is damaged \(it /,
  ],
};

test.each(Object.entries(damages))('%s is refused with file and cure', (_, [file, change, told]) => {
  const { folder } = recorded();
  const path = join(folder, file);
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())));
  expect(() => readRun(folder)).toThrow(told);
  expect(() => readRun(folder)).toThrow(/Restore the file from git, or make the record again/);
});

test('bytes that are no archive, and a missing part, are refused as well', () => {
  const { folder } = recorded();
  writeFileSync(join(folder, 'timings.jsonl.gz'), 'no archive');
  expect(() => readRun(folder)).toThrow(/timings\.jsonl\.gz is damaged/);
  rmSync(join(folder, 'timings.jsonl.gz'));
  expect(() => readRun(folder)).toThrow(UsageError);
});

test('of a run that is not complete, or of uncommitted code, no record is written', () => {
  const { run } = recorded();
  const folder = temporary();
  expect(() => writeRecord(folder, { ...run, chain: { kind: 'open' } })).toThrow(/is not complete/);
  const toolstone = { ...run.manifest.toolstone, dirty: true };
  expect(() => writeRecord(folder, { ...run, manifest: { ...run.manifest, toolstone } })).toThrow(
    /uncommitted changes/,
  );
  expect(() => readRun(folder)).toThrow(/contains no manifest/);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Estimate } from '../../core/statistics/estimate.ts';
import type { Call, ScoredTrajectory } from '../../core/trajectory.ts';
import type { RecordedToolspace } from '../../core/run-types.ts';
import type { JsonObject } from '../../core/json.ts';
import writeReport from '../../reports/write-report.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 1, tasks: 3 });
const job = { ...base.manifest.jobs.find(({ name }) => name === 'oracle-tool/seed-1')!, policy: 'openai:m' };
const template = base.trajectories.find(({ key }) => key.job === job.name)!;
const turn = template.turns[0]!;

const text = { type: 'string' };
const schema: JsonObject = { type: 'object', properties: { title: text, 'title.of': text }, required: ['title'] };
const toolNamed = (name: string, description: string) => ({
  server: 'notes',
  name,
  description,
  inputSchema: schema,
  tokens: 20 + description.length,
});
const tools: RecordedToolspace['tools'] = [
  toolNamed('read_note', 'Text.'),
  toolNamed('list_notes', 'Titles.'),
  toolNamed('idle', 'Never used.'),
];
const needs = { 'fruit/own/test/a': ['notes.read_note'], 'fruit/own/test/b': ['notes.read_note'] };

function call(tool: string, said: string, kind: 'called' | 'refused' | 'error' = 'called'): Call {
  return {
    action: { name: 'call_tool', arguments: { server: 'notes', tool, arguments: {} } },
    observation: { text: said, isError: kind !== 'called', source: 'results', server: 'notes', cutTokens: 0 },
    event: { kind: kind === 'error' ? 'called' : kind, server: 'notes', tools: [tool] },
  };
}
const load: Call = {
  action: { name: 'load_tools', arguments: { server: 'notes', tools: ['read_note', 'list_notes'] } },
  observation: { text: '…', isError: false, source: 'schemas', server: 'notes', cutTokens: 0 },
  event: { kind: 'loaded', server: 'notes', tools: ['read_note', 'list_notes'] },
};

const played = (task: string, verified: boolean | null, calls: readonly Call[], repetition = 0): ScoredTrajectory => ({
  ...template,
  key: { ...template.key, task: `fruit/own/test/${task}`, repetition },
  success: verified === null ? null : { verified, properFinish: verified },
  turns: calls.map((one) => ({ ...turn, calls: [one] })),
});

/** As a manifest tells of the server. */
const notesServer = (toolspace?: RecordedToolspace) => ({
  package: 'notes@1',
  tools: toolspace?.tools.length ?? 0,
  schemaHash: JSON.stringify(toolspace?.tools ?? []),
});

const runOf = (trajectories: readonly ScoredTrajectory[], toolspace?: RecordedToolspace): SyntheticRun => ({
  ...base,
  manifest: {
    ...base.manifest,
    command: 'run',
    suite: 'fruit@abcdef123456',
    servers: { notes: notesServer(toolspace) },
    jobs: [{ ...job, evaluations: [{ split: 'test', tasks: 2 }] }],
    ...(toolspace ? { toolspace } : {}),
  },
  trajectories,
  learning: [],
  timings: [],
});

const wrong = 'read_note was not called:';
const before = [
  played('a', true, [
    load,
    call(
      'read_note',
      `${wrong} arguments must have required property 'title'; arguments must NOT have additional properties: "name".`,
      'refused',
    ),
    call('read_note', `${wrong} title must be string; title must be non-empty; title.of must be string.`, 'refused'),
    call('read_note', 'no such note', 'error'),
    call('read_note', 'apples'),
  ]),
  played('b', false, [
    call('read_note', 'The schema of read_note is not loaded. title must wait.', 'refused'),
    call('list_notes', '[]'),
    call('list_notes', '[]'),
    call('reed_note', 'Server notes has no tool "reed_note".', 'refused'),
  ]),
  played('b', null, [call('list_notes', 'void')], 1),
];
const tablesOf = (run: SyntheticRun, earlier?: string) => {
  using written = writeRun(run);
  const { tables, page, notes, drift } = writeReport(written.folder, { attacks: [], earlier });
  return {
    of: (name: string) => tables.find((table) => table.name === name)?.rows ?? [],
    notes,
    drift,
    page: readFileSync(page, 'utf8'),
    csv: run.manifest.toolspace ? readFileSync(join(written.folder, 'tables/tools.csv'), 'utf8') : '',
  };
};

test('each tool is told by loads, calls, errors, refusals, faulty parameters, what stood in for it, and success', () => {
  const { of, page, csv } = tablesOf(runOf(before, { tools, needs }));
  const [read, list, idle] = of('tools');
  expect(of('tools').length).toBe(3);
  expect(read).toMatchObject({ server: 'notes', tool: 'read_note', schema_tokens: 25 });
  expect(read).toMatchObject({ loads: 1, calls: 2, errors: 1, refused: 3 });
  expect(read).toMatchObject({ argument_faults: 'title 2, name 1, title.of 1', needing_tasks: 2, missed: 1 });
  expect(read?.['called_instead']).toBe('notes.list_notes 1, notes.reed_note 1');
  expect(read?.['verifier_success'] as Estimate).toMatchObject({ value: 0.5, tasks: 2, episodes: 2 });
  expect(list).toMatchObject({ calls: 2, errors: 0, needing_tasks: 0, verifier_success: null, missed: null });
  expect(idle).toMatchObject({ loads: 0, calls: 0, refused: 0, argument_faults: null });
  expect(page).toMatch(/<h2 id="tools">Tools<\/h2>[\s\S]*notes\.list_notes 1, notes\.reed_note 1/);
  expect(csv).toMatch(/^arm,split,server,tool,schema_tokens,.*verifier_success_low,/);
});

test('of own tasks they come right after the headline, before the list of arms', () => {
  const run = runOf(before, { tools, needs });
  const [first, ...others] = run.manifest.jobs;
  const jobs = [first!, { ...first!, name: 'other/seed-1', policy: 'random', rows: {} }, ...others];
  const both = [...before, ...before.map((one) => ({ ...one, key: { ...one.key, job: 'other/seed-1' } }))];
  const { page } = tablesOf({ ...run, manifest: { ...run.manifest, jobs }, trajectories: both });
  expect([...page.matchAll(/<h2 id="([\w-]+)"/g)].map(([, id]) => id).slice(0, 4)).toEqual([
    'headline',
    'tools',
    'arms',
    'comparison',
  ]);
});

test('a run that does not say which tools there were has no such table, and none to compare', () => {
  const old = runOf(before);
  expect(tablesOf(old).of('tools')).toEqual([]);
  using written = writeRun(old);
  expect(() => tablesOf(runOf(before, { tools, needs }), written.folder)).toThrow(
    /does not say which tools there were, so that it cannot be compared by tool/,
  );
});

test('two runs side by side name the changed description, and what policies then did otherwise', () => {
  using earlier = writeRun(runOf(before, { tools, needs }));
  const changed = [toolNamed('read_note', 'Text of the note.'), tools[1]!, toolNamed('new_note', 'Makes one.')];
  const now = [
    played('a', true, [call('read_note', 'apples')]),
    played('b', true, [call('read_note', 'pears'), call('list_notes', '[]'), call('list_notes', '[]')]),
  ];
  const { of, page, drift, notes } = tablesOf(runOf(now, { tools: changed, needs }), earlier.folder);
  expect(drift.map(({ what }) => what)).toEqual([
    'The description of the tool read_note of server notes changed',
    'The tool idle of server notes was removed',
    'The tool new_note of server notes was added',
  ]);
  expect(notes).toContain('  + Text of the note.');
  expect(notes.join(' ')).toContain('so that the two are incomparable as a whole');
  const rows = of('tool-differences');
  expect(rows.map(({ tool, changed: what }) => [tool, what])).toEqual([
    ['read_note', 'description: - Text. + Text of the note.'],
    ['list_notes', null],
    ['idle', 'the tool is gone'],
    ['new_note', 'the tool is new'],
  ]);
  expect(rows[0]).toMatchObject({ refused_before: 3, refused_now: 0, missed_before: 1, missed_now: 0 });
  expect(rows[0]).toMatchObject({ called_instead_before: 'notes.list_notes 1, notes.reed_note 1' });
  expect(rows[0]?.['success_difference'] as Estimate).toMatchObject({ value: 0.5, tasks: 2 });
  expect(page).toContain('description: - Text. + Text of the note.');
  const same = tablesOf(runOf(before, { tools, needs }), earlier.folder);
  expect(same.of('tool-differences')).toEqual([]);
  expect(same.drift).toEqual([]);
  expect(same.notes).toContain('By tool nothing is otherwise than in synthetic.');
});

test('runs that have no split in common are refused by name', () => {
  using earlier = writeRun(runOf(before, { tools, needs }));
  const elsewhere = before.map((one) => ({ ...one, key: { ...one.key, phase: 'fuzzy' } }));
  expect(() => tablesOf(runOf(elsewhere, { tools, needs }), earlier.folder)).toThrow(
    /no policy, view and split in common: the first has oracle, tool on test, the second oracle, tool on fuzzy/,
  );
});

import { assert as assertProperty, array, constantFrom, property, record } from 'fast-check';
import { expect, test } from 'vitest';
import { toolPrint } from '../../core/fingerprint.ts';
import { toolChoiceOf, type OfferedTools } from '../../core/record/tool-choice.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import type { Call, ScoredTrajectory } from '../../core/trajectory.ts';
import writeReport from '../../reports/write-report.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 1, tasks: 1 });
const job = base.manifest.jobs.find(({ name }) => name === 'oracle-tool/seed-1')!;
const template = base.trajectories.find(({ key }) => key.job === job.name)!;

const print = (name: string, characters: number) =>
  [name, toolPrint({ server: '', name, description: name, inputSchema: {} }, characters)] as const;
const server = (...prints: readonly (readonly [string, string])[]) => ({
  package: 'a@1',
  tools: prints.length,
  schemaHash: '',
  fingerprint: { tools: Object.fromEntries(prints) },
});
const servers = {
  notes: server(print('read', 100), print('write', 300), print('list', 600)),
  files: server(print('read', 200), print('move', 200)),
};
const task = 'basic/file-notes/test/0000';
const needs = { [task]: ['notes.read', 'notes.write'] };

function called(name: string, kind: 'called' | 'refused' = 'called'): Call {
  const [of = '', tool = ''] = name.split('.');
  return {
    action: { name: 'call_tool', arguments: { server: of, tool, arguments: {} } },
    observation: { text: '', isError: kind === 'refused', source: 'results', server: of, cutTokens: 0 },
    event: { kind, server: of, tools: [tool] },
  };
}
const loaded = (of: string, ...tools: readonly string[]): Call => ({
  action: { name: 'load_tools', arguments: { server: of, tools } },
  observation: { text: '', isError: false, source: 'schemas', server: of, cutTokens: 0 },
  event: { kind: 'loaded', server: of, tools },
});

/** A turn a call, with the schemas' tokens that its prompt holds. */
function played(view: string, turns: readonly (readonly [Call, Readonly<Record<string, number>>])[]): ScoredTrajectory {
  const [{ tokens, ...turn }] = template.turns as [(typeof template.turns)[0]];
  return {
    ...template,
    key: { ...template.key, task },
    view,
    success: { verified: true, properFinish: true },
    turns: turns.map(([call, schemas]) => ({ ...turn, calls: [call], tokens: { ...tokens, schemas } })),
  };
}

const loading = played('tool', [
  [loaded('notes', 'read', 'list'), {}],
  [loaded('files', 'read'), { notes: 70 }],
  [called('files.read'), { notes: 70, files: 20 }],
  [called('notes.read'), { notes: 70, files: 20 }],
  [called('notes.list', 'refused'), { notes: 70, files: 20 }],
  [called('notes.made-up', 'refused'), { notes: 70, files: 20 }],
]);

test('loads are held against the plan, unused schemas by their lengths, wrong calls by what was meant', () => {
  expect(toolChoiceOf(loading, { needs, servers })).toEqual({
    needed: 2,
    shown: 3,
    neededShown: 1,
    // Of the 70 tokens of notes six sevenths are of the tool list, which was refused and so never called, in five prompts.
    unusedTokens: 5 * 60,
    wrongCalls: 3,
    confused: [
      ['files.read', 'notes.read', 1],
      ['notes.list', 'notes.write', 1],
      ['notes.made-up', 'notes.write', 1],
    ],
  });
});

test('a view that shows all from the start has shown every tool of its servers', () => {
  const all = { notes: 1000, files: 400 };
  const trajectory = played('eager', [
    [called('notes.read'), all],
    [called('notes.write'), all],
    [called('files.move'), all],
  ]);
  expect(toolChoiceOf(trajectory, { needs, servers })).toEqual({
    needed: 2,
    shown: 5,
    neededShown: 2,
    unusedTokens: 3 * (600 + 200),
    wrongCalls: 1,
    confused: [['files.move', null, 1]],
  });
});

test('nothing is said where the run does not tell what was needed or offered; a prompt that was never sent showed nothing', () => {
  const { fingerprint: _, ...older } = servers.notes;
  expect(toolChoiceOf(loading, { servers })).toBeNull();
  expect(toolChoiceOf(loading, { needs: {}, servers })).toBeNull();
  expect(toolChoiceOf(loading, { needs, servers: { ...servers, notes: older } })).toBeNull();
  expect(toolChoiceOf(played('eager', []), { needs, servers })).toMatchObject({ shown: 0, neededShown: 0, needed: 2 });
});

test('whatever is called and loaded, shares are shares, and no more is unused than was shown', () => {
  const names = ['notes.read', 'notes.write', 'notes.list', 'files.read', 'files.move', 'nowhere.tool'];
  const step = record({ name: constantFrom(...names), what: constantFrom('load', 'call', 'refuse') });
  const offered: OfferedTools = { needs, servers };
  assertProperty(
    property(constantFrom('eager', 'server', 'tool', 'another'), array(step, { maxLength: 8 }), (view, steps) => {
      const turns = steps.map(({ name, what }) => {
        const [of = '', tool = ''] = name.split('.');
        return [
          what === 'load' ? loaded(of, tool) : called(name, what === 'call' ? 'called' : 'refused'),
          { notes: 90, files: 10 },
        ] as const;
      });
      const choice = toolChoiceOf(played(view, turns), offered)!;
      expect(choice.neededShown).toBeLessThanOrEqual(Math.min(choice.shown, choice.needed));
      expect(choice.unusedTokens).toBeLessThanOrEqual(100 * steps.length);
      expect(choice.unusedTokens).toBeGreaterThanOrEqual(0);
      expect(choice.wrongCalls).toBeLessThanOrEqual(steps.filter(({ what }) => what !== 'load').length);
    }),
  );
});

const runOf = (trajectories: readonly ScoredTrajectory[], offered: Partial<OfferedTools>): SyntheticRun => ({
  ...base,
  manifest: { ...base.manifest, jobs: [{ ...job, evaluations: [{ split: 'test', tasks: 2 }] }], ...offered },
  trajectories,
  learning: [],
  timings: [],
});

function viewsOf(run: SyntheticRun) {
  using written = writeRun(run);
  return writeReport(written.folder, { attacks: [] }).tables.find(({ name }) => name === 'views')!;
}

test('the table of views tells them by row, says which tasks had no plan, and is as ever where records do not tell', () => {
  const planless = { ...loading, key: { ...loading.key, task: 'basic/file-notes/test/0001' } };
  const table = viewsOf(runOf([loading, planless], { needs, servers }));
  const row = table.rows[0] ?? {};
  expect((row['load_precision'] as Estimate).value).toBeCloseTo(1 / 3);
  expect((row['load_recall'] as Estimate).value).toBe(0.5);
  expect((row['unused_schemas_tokens'] as Estimate).value).toBeCloseTo(300);
  expect((row['wrong_calls'] as Estimate).value).toBe(3);
  expect(row['confused']).toBe(
    'files.read for notes.read 1, notes.list for notes.write 1, notes.made-up for notes.write 1',
  );
  expect(table.about).toContain('Without a plan, and left out of these: 1 of 2 tasks.');

  const older = viewsOf(runOf([loading, planless], {}));
  expect(older.columns.map(({ key }) => key)).not.toContain('load_precision');
  expect(older.about).not.toContain('plan');
});

import { describe, expect, it } from 'vitest';
import compareTasks, { type TasksGateOptions } from '../../reports/gate/tasks/compare.ts';
import { gateLines } from '../../reports/gate/tasks/lines.ts';
import { sightOf, sightText } from '../../reports/gate/tasks/power.ts';
import type { TasksRecord } from '../../reports/gate/tasks/record.ts';
import { recordOfWords, referenceOfWords, taskOfWord } from './tasks-record.ts';

const gate = (before: readonly string[], now: readonly string[] | TasksRecord, options: TasksGateOptions = {}) =>
  compareTasks('tasks' in now ? now : recordOfWords(now), referenceOfWords(before), options);

/** The first three tasks. */
const blocks = (what: 'tool' | 'server') =>
  new Map(['task-1', 'task-2', 'task-3'].map((id) => [`garden/own/test/${id}`, { what, why: 'Gone.' }]));

describe('by task', () => {
  it.each([
    [['1'], 'The task did not regress'],
    [['0'], 'The task did not regress'],
    [['10', '111', '000'], 'None of 3 tasks regressed'],
  ])('passes equal play, of one task too: %j', (words, begin) => {
    const { verdict, reasons } = gate(words, words);
    expect(verdict).toBe('pass');
    expect(reasons).toEqual([`${begin} since the reference ("first numbers").`]);
  });

  it('counts one whose tool is gone as lost, and one whose server does not start as not enough data', () => {
    const now = recordOfWords(['00', '00', '00', '11']);
    const gone = gate(['11', '10', '00', '11'], now, { blocks: blocks('tool') });
    expect(gone.verdict).toBe('regressed');
    expect(gone.outcomes.map(({ kind }) => kind)).toEqual(['regressed', 'regressed', 'failing', 'steady']);
    expect(gone.reasons[0]).toBe('The task task-1 passed 2 of 2 in the reference, and can no longer be played. Gone.');
    const dead = gate(['11', '10', '00', '11'], recordOfWords(['', '', '', '11']), { blocks: blocks('server') });
    expect(dead).toMatchObject({
      verdict: 'not-enough-data',
      reasons: ['3 tasks could not be played: task-1, task-2, task-3. Gone.'],
    });
  });

  it('fails for one that passed each time and now never does, and names it', () => {
    expect(gate(['1', '1'], ['1', '0'])).toMatchObject({
      verdict: 'regressed',
      reasons: ['The task task-2 passed 1 of 1 in the reference, now 0 of 1.'],
    });
    const failures = new Map([['garden/own/test/task-2', 'checks[0] the final answer is 40: it was "41"']]);
    expect(gate(['111', '11-'], ['111', '00'], { failures }).reasons).toEqual([
      'The task task-2 passed 2 of 2 in the reference, now 0 of 2. checks[0] the final answer is 40: it was "41".',
    ]);
  });

  it('tells a flaky one and a mended one, which decide nothing', () => {
    const { verdict, notes, outcomes } = gate(['111', '110', '000', '000'], ['101', '010', '111', '001']);
    expect(verdict).toBe('pass');
    expect(outcomes.map(({ kind }) => kind)).toEqual(['flaky', 'flaky', 'mended', 'flaky']);
    expect(notes).toContain(
      'Flaky (passed only sometimes, then or now): task-1 (3/3 → 2/3), task-2 (2/3 → 1/3), task-4 (0/3 → 1/3).',
    );
    expect(notes).toContain('Fixed: task-3 (0/3 → 3/3). Accept a new reference to hold on to that.');
  });

  it('says not enough data of a task whose episodes are all void, and names it; not where one of them counts', () => {
    expect(gate(['11', '11'], ['11', '--'])).toMatchObject({
      verdict: 'not-enough-data',
      reasons: [expect.stringMatching(/^The task task-2 has no episode that counts.*Re-run the command/)],
    });
    expect(gate(['11', '11'], ['11', '1-']).verdict).toBe('pass');
    const both = gate(['11', '11'], ['00', '--']);
    expect(both.verdict).toBe('regressed');
    expect(both.notes.join()).toMatch(/task-2 has no episode that counts/);
    const failures = new Map([['garden/own/test/task-2', 'void, world: Server notes exited.']]);
    expect(gate(['1', '1'], ['1', '-'], { failures }).reasons[0]).toMatch(
      /all were void\. void, world: Server notes exited\. Re-run the command\.$/,
    );
  });

  it('says so where no task ever passed, since no loss can then be seen', () => {
    expect(gate(['0'], ['0']).notes).toContain(
      'No task passed in the reference, so only drift can be detected, no regression.',
    );
    const some = gate(['0', '1'], ['0', '1']).notes;
    expect(some.join()).not.toMatch(/only drift/);
    expect(some, 'and names those that the pass says nothing of').toContain('Failing, as in the reference: task-1.');
  });
});

const times = (count: number, word: string) => Array.from({ length: count }, () => word);

const at = (threshold: number) => gate(['1', '1', '0', '1'], ['1', '1', '0', '1'], { allowsDrift: true, threshold });

describe('by mean', () => {
  it('fails where the interval of the paired difference lies below 0, with no task that was lost wholly', () => {
    const { verdict, reasons } = gate(times(12, '11111'), [...times(6, '11100'), ...times(6, '11000')]);
    expect(verdict).toBe('regressed');
    expect(reasons).toEqual([
      'The mean fell by 0.50: the difference, paired by task, is −0.50 [−0.57, −0.43], all of the interval below 0.',
    ]);
  });

  it('passes where chance explains the fall, and with few tasks, which are judged one by one', () => {
    expect(gate(times(12, '11111'), [...times(10, '11111'), ...times(2, '11110')]).verdict).toBe('pass');
    const few = gate(times(4, '11111'), times(4, '10000'));
    expect(few.verdict).toBe('pass');
    expect(few.notes[0]).toBe(
      'Mean change since the reference: −0.80 (fewer than five tasks, so only single tasks decide).',
    );
    expect(gate(times(5, '11111'), times(5, '10000')).verdict).toBe('regressed');
  });

  it('fails below a threshold, with equal play too, and passes at it', () => {
    expect(at(0.75).verdict).toBe('pass');
    expect(at(0.8)).toMatchObject({
      verdict: 'regressed',
      reasons: ['The mean is 0.75, below the threshold of 0.80.'],
    });
  });
});

const sight = (words: readonly string[], repeats: number) =>
  sightOf(
    words.map((word) => ({ passed: word.replaceAll('0', '').length, played: word.length })),
    repeats,
  );

describe('what it can see', () => {
  it('is a smaller drop with more tasks and repeats, at few false alarms', () => {
    const small = sight(times(12, '11111'), 5);
    const large = sight(times(60, '11111'), 5);
    expect(small.drop).toBeGreaterThan(0.1);
    expect(small.drop).toBeLessThan(0.35);
    expect(large.drop).toBeLessThan(small.drop ?? 0);
    expect(small.alarms).toBeLessThan(0.05);
    expect(sightText(small, false)).toMatch(
      /^12 tasks × 5 repeats can detect a drop of 0\.\d\d with 80 % power \(from 0\.92, /,
    );
  });

  it('says of one repeat of a policy that varies how often it would cry wolf, and of few tasks that it sees no drop', () => {
    const one = sight(times(12, '1'), 1);
    expect(one.alarms).toBeGreaterThan(0.5);
    expect(sightText(one, false)).toMatch(/reported as regressed in \d\d % of runs\. More repeats/);
    expect(sightText(sight(['1'], 1), false)).toMatch(/^1 task × 1 repeat cannot detect any drop/);
    expect(sightText(one, true)).toBe(
      '12 tasks × 1 repeat of a deterministic policy: each task that passed in the reference and now fails a check is detected.',
    );
  });
});

const systems = (line: string) => ({ s1: `You carry out tasks.\nServers:\n${line}` });

describe('drift', () => {
  const reworded = recordOfWords(['1', '1']);
  const notes = reworded.servers['notes']!;
  const drifted = (words: readonly string[]) =>
    recordOfWords(words, {
      servers: { notes: { ...notes, tools: notes.tools.map((tool) => ({ ...tool, description: 'Other.' })) } },
    });

  it.each([
    [false, ['1', '1'], 'drift'],
    [true, ['1', '1'], 'pass'],
    [false, ['1', '0'], 'regressed'],
    [true, ['1', '0'], 'regressed'],
    [true, ['1', '-'], 'not-enough-data'],
    [false, ['1', '-'], 'drift'],
  ] as const)('allowed: %j, with tasks %j, makes the gate %s; it is always named', (allowsDrift, words, verdict) => {
    const result = gate(['1', '1'], drifted(words), { allowsDrift });
    expect(result.verdict).toBe(verdict);
    expect(result.drift.map(({ what }) => what)).toEqual([
      'The description of the tool read_note of server notes changed',
      'The description of the tool list_notes of server notes changed',
    ]);
    expect(result.driftCounts).toBe(!allowsDrift);
  });

  it('says that nothing got worse, and what to do; each change is told once, by its own line', () => {
    const quiet = gate(['1', '1'], drifted(['1', '1']));
    expect(quiet.reasons.join()).toMatch(
      /^No task regressed, but there is drift: 2 changes, each listed .*--accept "the reason" and commit.*--allow-drift/,
    );
    for (const result of [quiet, gate(['1', '1'], drifted(['1', '0']))])
      expect(gateLines(result).match(/description of the tool read_note/g)).toHaveLength(1);
  });

  it('of tools that come and go is not told again of the system prompt that names them', () => {
    const [first] = notes.tools;
    const before = referenceOfWords(['1'], { systems: systems('- notes: Has read_note, list_notes') });
    const changed = (line: string) =>
      recordOfWords([], {
        servers: { notes: { ...notes, tools: [first!] } },
        systems: { s2: systems(line).s1 },
        tasks: [taskOfWord('task-1', '1', { system: 's2' })],
      });
    const what = (line: string) => compareTasks(changed(line), before, {}).drift.map((one) => one.what);
    const removed = 'The tool list_notes of server notes was removed';
    expect(what('- notes: Has read_note')).toEqual([removed]);
    expect(what('- notes: Has read_note\nBe quick.')).toEqual([removed, 'The system prompt of task-1 changed']);
  });

  it('of a task that was added is told, and the task decides nothing', () => {
    const now = recordOfWords([], { tasks: [taskOfWord('task-1', '1'), taskOfWord('new', '0')] });
    expect(gate(['1'], now, { allowsDrift: true })).toMatchObject({
      verdict: 'pass',
      drift: [{ what: 'The task new was added' }],
    });
  });

  it('is not what only names other bytes: those of the task file, or a version; they are told', () => {
    const now = recordOfWords(['1'], { suite: 'garden@ffffffffffff', toolstone: '0.2.0' });
    const result = gate(['1'], now);
    expect(result.verdict).toBe('pass');
    expect(result.notes.join('\n')).toMatch(/This is Toolstone 0\.2\.0.*0\.1\.0\.\nThe task file, or a script/);
  });
});

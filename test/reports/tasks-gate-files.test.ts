import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { gateBadge } from '../../reports/gate/tasks/badge.ts';
import compareTasks, { type TasksGateOptions } from '../../reports/gate/tasks/compare.ts';
import gateJunit from '../../reports/gate/tasks/junit.ts';
import { readTasksReference, refuseOtherTasks, writeTasksReference } from '../../reports/gate/tasks/reference.ts';
import gateSummary from '../../reports/gate/tasks/summary.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { recordOfWords, referenceOfWords, taskOfWord } from './tasks-record.ts';

const nasty = 'Text of a <b>note</b> & "more"\u0007\u001b[31m ```` ]]>';
const gate = (words: readonly string[], options: TasksGateOptions = { allowsDrift: true }) => {
  const now = recordOfWords(words);
  const notes = now.servers['notes']!;
  const tools = notes.tools.map((tool) => (tool.name === 'read_note' ? { ...tool, description: nasty } : tool));
  return compareTasks(
    { ...now, servers: { notes: { ...notes, tools } } },
    referenceOfWords(['11', '11', '00', '11', '11']),
    options,
  );
};
const mixed = ['11', '00', '00', '--', '10'];
const found = 'checks[0] the final answer is 40: it was "41 | <b>"';
const failures = new Map([['garden/own/test/task-2', found]]);

const casesOf = (xml: string) =>
  [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"><(system-out|failure|error|skipped)/g)].map(
    ([, group, name, result]) => `${group} ${name} ${result}`,
  );

describe('the file for CI, in the form of JUnit', () => {
  it('has a case for each task, each drift and the gate, and counts them', () => {
    const xml = gateJunit(gate(mixed), 'garden');
    expect(casesOf(xml)).toEqual([
      'toolstone.tasks task-1 system-out',
      'toolstone.tasks task-2 failure',
      'toolstone.tasks task-3 skipped',
      'toolstone.tasks task-4 error',
      'toolstone.tasks task-5 system-out',
      'toolstone.drift The description of the tool read_note of server notes changed skipped',
      'toolstone.gate gate failure',
    ]);
    expect(xml).toContain('<testsuite name="garden" tests="7" failures="2" errors="1" skipped="2">');
  });

  it('fails the drift where that decides, and nothing where all is well', () => {
    const decided = casesOf(gateJunit(gate(['11', '11', '00', '11', '11'], {}), 'garden'));
    expect(decided.filter((one) => one.endsWith('failure')).map((one) => one.split(' ')[0])).toEqual([
      'toolstone.drift',
      'toolstone.gate',
    ]);
    const told = gateJunit(gate(['11', '11', '00', '11', '11']), 'garden');
    expect(told).toMatch(/failures="0" errors="0"/);
  });

  it('stays XML whatever a server says', () => {
    const xml = gateJunit(gate(mixed, { failures }), 'a<b>');
    expect(xml).toContain(
      'regressed: 2/2 in the reference, 0/2 now. checks[0] the final answer is 40: it was &quot;41 | &lt;b&gt;&quot;',
    );
    expect(xml).not.toMatch(/(?!\n)\p{Cc}|<b>|& /u);
    expect(xml).toContain('Text of a &lt;b&gt;note&lt;/b&gt; &amp; &quot;more&quot;');
  });
});

it('the summary is Markdown that no text from outside breaks out of', () => {
  const text = gateSummary(gate(mixed, { allowsDrift: true, failures }), 'garden');
  expect(text).toMatch(/^## Toolstone gate of garden: regressed\n/);
  expect(text).toContain(
    '| task-2 | regressed | 2/2 | 0/2 | checks\\[0\\] the final answer is 40: it was "41 \\| \\<b\\>" |',
  );
  expect(text).not.toContain('| task-1 |');
  expect(text, 'a fence longer than the run of backticks in it').toMatch(/\n`{5}diff\n[\s\S]*```` [\s\S]*\n`{5}\n/);
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
});

it.each([
  [['11', '11', '00', '11', '11'], true, 'pass, 0.80', 'brightgreen'],
  [mixed, true, 'regressed, 0.38', 'red'],
  [['11', '11', '00', '11', '--'], true, 'not enough data, 0.75', 'yellow'],
  [['11', '11', '00', '11', '11'], false, 'drift, 0.80', 'orange'],
] as const)('the badge of %j is of its colour', (words, allowsDrift, message, color) => {
  expect(JSON.parse(gateBadge(gate(words, { allowsDrift })))).toEqual({
    schemaVersion: 1,
    label: 'toolstone gate',
    message,
    color,
  });
});

describe('the reference', () => {
  it('is read as it was written, a tool in a line', () => {
    const folder = temporaryFolder();
    const path = writeTasksReference(folder, recordOfWords(['1', '0-']), ' first numbers ');
    expect(readTasksReference(folder)).toEqual(referenceOfWords(['1', '0-']));
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line.includes('inputSchema')),
    ).toHaveLength(2);
    expect(readTasksReference(join(folder, 'elsewhere'))).toBeNull();
  });

  it('needs a reason', () => {
    expect(() => writeTasksReference(temporaryFolder(), recordOfWords(['1']), ' ')).toThrow(UsageError);
  });

  it.each([
    ['no JSON', 'nonsense', /is corrupt/],
    ['another kind', JSON.stringify({ version: 1, jobs: [] }), /it lacks the key|kind/],
    ['another version', JSON.stringify({ ...referenceOfWords(['1']), version: 2 }), /it has 2 as "version"/],
    [
      'a task without episodes',
      JSON.stringify({ ...referenceOfWords([]), tasks: [{ id: 'x' }] }),
      /it lacks the key "prompt" in "tasks\.0"/,
    ],
    [
      'a server without tools',
      JSON.stringify({ ...referenceOfWords(['1']), servers: { notes: {} } }),
      /it lacks the key "package" in "servers\.notes"/,
    ],
  ])('is refused in a sentence with its cure: %s', (_, text, sentence) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'reference.json'), text);
    expect(() => readTasksReference(folder)).toThrow(sentence);
    expect(() => readTasksReference(folder)).toThrow(/Restore it from version control, or make it again with --accept/);
  });

  it('of other tasks is refused, both named; of some other tasks it is not', () => {
    const other = { ...referenceOfWords([]), tasks: [taskOfWord('weeds', '1')] };
    const tasks = recordOfWords(['1', '1']).tasks.map(({ id }) => id);
    expect(() => refuseOtherTasks(other, 'there', 'kitchen@1', tasks)).toThrow(
      /The reference in there is of other tasks: of garden@0123456789ab \(weeds\), while the file makes kitchen@1 \(task-1, task-2\)\. Name/,
    );
    expect(() => refuseOtherTasks(referenceOfWords(['1']), 'there', 'kitchen@1', tasks)).not.toThrow();
  });
});

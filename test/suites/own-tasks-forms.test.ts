import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { UsageError } from '../../core/errors.ts';
import type { OwnTask } from '../../suites/own-tasks/format.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { taskFolder } from './own-tasks-files.ts';

const { write, taskFile } = taskFolder();

const file = { server: 'filesystem', path: 'a.txt' };
const basic: OwnTask = { id: 'one', prompt: 'p', servers: ['filesystem'], checks: [{ file, equals: 'x' }] };

/** What is said of a file, a line each. */
function saidOf(path: string): string[] {
  try {
    readTaskFile(path);
    return [];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message.split('\n');
  }
}

describe('a task file', () => {
  const asTyped = { tasks: [basic] };
  test.each([
    ['windows.yaml', stringify(asTyped)],
    ['windows.json', JSON.stringify(asTyped, null, 2)],
    ['windows.jsonl', `{"name": "windows"}\n${JSON.stringify(basic)}\n\n`],
    ['joined.jsonl', `{"name": "windows"}\n\uFEFF${JSON.stringify(basic)}\n`],
  ])('%s may come from an editor on Windows', (name, text) => {
    const windows = `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    const utf16 = Buffer.from(windows, 'utf16le');
    const bigEndian = Buffer.from(utf16).swap16();
    for (const bytes of [Buffer.from(windows), utf16, bigEndian]) expect(saidOf(write(name, bytes))).toEqual([]);
    expect(saidOf(write(name, utf16.subarray(1))).join()).toMatch(/is no text in UTF-8, nor in UTF-16/);
  });

  test('says that strictness goes with a test of a text alone', () => {
    const checks = [
      { file, absent: true, strictness: 'exact' },
      { unchanged: 'filesystem', strictness: 'exact' },
    ];
    const said = saidOf(taskFile({ tasks: [{ ...basic, checks }] }));
    expect(said.join('\n')).toMatch(/checks\[0\]: is right when it has strictness only beside a test of a text/);
    expect(said.join('\n')).toMatch(/checks\[1\]: is right when it has .* strictness only beside file or result/);
    const [typo] = saidOf(
      taskFile({ tasks: [{ ...basic, checks: [{ answer: { equals: 'x', strictness: 'lenent' } }] }] }),
    );
    expect(typo).toMatch(/strictness: must be "exact" or "normal" or "lenient", not "lenent". Did you mean "lenient"/);
  });
});

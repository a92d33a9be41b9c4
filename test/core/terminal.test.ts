import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WriteStream } from 'node:tty';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressReporter } from '../../core/run/progress.ts';
import { toTerminal } from '../../core/terminal.ts';
import { readableText, withVisibleMarks } from '../../core/visible-text.ts';

const root = new URL('../..', import.meta.url).pathname;

const shown = (text: string): string => {
  const written: string[] = [];
  toTerminal({ write: (part) => written.push(part) }, text);
  return written.join('');
};

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '[',
      ']',
      '\\',
      '\u0007',
      '\u009b',
      '\u009d',
      '\u009c',
      'P',
      'X',
      '0',
      ';',
      'm',
      '(',
      ' ',
    ),
    fc.constantFrom('\u202e', '\u2066', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u061c', '\u2028', '\u{e0041}'),
    fc.constantFrom('\n', '\t', '\r', '\b', '\0', 'a', 'é', '漢', '𝄞', '❤\ufe0f'),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
  maxLength: 60,
});

test('no text from outside commands the terminal or hides in it; what is left is left as it was', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const result = shown(text);
      expect(result).not.toMatch(/(?![\t\n])\p{Cc}|[\p{Bidi_Control}\u200b-\u200d\u2060\ufeff\u2028\u2029]/u);
      expect(shown(result)).toBe(result);
    }),
    { numRuns: 3000 },
  );
});

test('plain text of any script goes through unchanged, with tabs and line breaks', () => {
  const plain = fc.string({
    unit: fc.constantFrom('a', '[', ']', ';', 'm', '\t', '\n', 'é', '漢', '𝄞', 'ש', '❤\ufe0f', '👍🏽'),
  });
  fc.assert(
    fc.property(plain, (text) => {
      expect(shown(text)).toBe(text);
    }),
  );
});

test.each([
  ['colours', 'a\u001b[31;1mred\u001b[0m b', 'ared b'],
  ['colours in one byte', 'a\u009b31mred', 'ared'],
  ['a cleared screen and a moved cursor', '\u001b[2J\u001b[1;1Hgone', 'gone'],
  ['a title', '\u001b]0;root@prod\u0007x', 'x'],
  ['a link', '\u001b]8;;http://a.example\u001b\\here\u001b]8;;\u001b\\', 'here'],
  ['a string that is not ended', 'before \u001b]0;all of this stays', 'before 0;all of this stays'],
  ['another set of letters', '\u001b(0qqq', 'qqq'],
  ['a line written over', 'bad\rgood\b\b', 'badgood'],
  ['line ends of another system', 'a\r\nb', 'a\nb'],
  ['turned direction', 'a\u202egnp.exe', 'a[U+202E]gnp.exe'],
  ['nothing wide', 'pay\u200bpal\ufeff', 'pay[U+200B]pal[U+FEFF]'],
  ['hidden tags', 'x\u{e0041}', 'x[U+E0041]'],
])('%s', (_, text, expected) => expect(readableText(text)).toBe(expected));

test('a long text without end costs no more than its length', () => {
  for (const part of ['\u001b]', '\u001b[0', '\u009d0', '\u001b(', '\u202e']) {
    const started = performance.now();
    readableText(part.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(2000);
  }
});

test('progress redraws its own line, and a name in it cannot', () => {
  for (const isTTY of [true, false]) {
    const written: string[] = [];
    const progress = progressReporter({ isTTY, columns: 200, write: (text) => written.push(text) }, () => 0);
    progress.update(1, 10, 'job\u001b[2J\n\u202eone');
    expect(written.join('').replace('\r\u001b[2K', '').trimEnd()).toBe(' 10 % · 1 of 10 episodes · job [U+202E]one');
  }
});

test('on a narrow terminal progress leaves out its counts before it cuts what follows', () => {
  const written: string[] = [];
  const progress = progressReporter({ isTTY: true, columns: 30, write: (text) => written.push(text) }, () => 0);
  progress.update(1, 10, '0.50 solved · a/seed-1');
  expect(written).toEqual(['\r\u001b[2K 10 % · 0.50 solved · a/seed-1'.slice(0, 5 + 29)]);
});

const styled = (isTTY: boolean, hasColors: boolean): string => {
  const written: string[] = [];
  const stream = { isTTY, hasColors: () => hasColors, write: (part: string) => written.push(part) };
  toTerminal(stream, '✗ a\u001b[31mtask\n', 'red');
  return written.join('');
};

test('colours are ours alone, and none where there is no terminal or NO_COLOR is set', () => {
  expect(styled(true, true)).toBe('\u001b[31m✗ atask\u001b[39m\n');
  expect([styled(false, true), styled(true, false)]).toEqual(Array(2).fill('✗ atask\n'));
  expect(new WriteStream(1).hasColors({ NO_COLOR: '1', TERM: 'xterm-256color' })).toBe(false);
});

test('marks that are seen stay', () => {
  expect(withVisibleMarks('❤\ufe0f \u0600 é\u0301')).toBe('❤\ufe0f \u0600 é\u0301');
});

test('nothing but the one door writes to the terminal', () => {
  // The first runs before anything else can be loaded, the others answer their parents by a pipe.
  const exempt = [
    'core/node-version.ts',
    'envs/processes/probe-child.ts',
    'envs/modules/serve-child.ts',
    'envs/modules/verify-child.ts',
    'commands/perf/long-result-child.ts',
    'commands/perf/offered-child.ts',
  ];
  const rooms = ['baselines', 'commands', 'core', 'envs', 'finetune', 'judges', 'meta-evaluation', 'reports', 'suites'];
  const writing = rooms
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
    )
    .filter((path) => path.endsWith('.ts'))
    .filter((path) => /\bstd(?:out|err)\.write\(/.test(readFileSync(join(root, path), 'utf8')))
    .filter((path) => !exempt.includes(path));
  expect(writing).toEqual([]);
});

import { constantFrom, jsonValue, oneof, type Arbitrary } from 'fast-check';

/* What values inside valid inputs are replaced with. */

/** JSON that JavaScript cannot hold or cannot write; it stands in a text until the whole is written. */
const RAW = '\u0001raw ';
const raw = (text: string): string => RAW + text;
const rawNumbers = ['1e999', '-1e999', '9007199254740993', '1e-999', '123456789012345678901234567890'].map(raw);
/** Deeper than any code that calls itself can follow. */
export const abyss = raw('['.repeat(20_000) + ']'.repeat(20_000));

const oddTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'end\udfff',
  '\ufeff',
  '\u202e',
  '\u001b[2J\u0007',
  '\u2028',
  'ünï¢ode',
  '👩‍👩‍👧',
  'x'.repeat(300),
  'y/'.repeat(200),
  'z'.repeat(70_000),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'length',
  '..',
  '../../../etc/passwd',
  '/',
  '~',
  'C:\\con',
  '-rf',
  '%00%2e%2e%2f',
  '#',
  '?',
  '*',
  '(',
  '(a+)+$',
  '[',
  '${HOME}',
  '${',
  '{FOLDER}',
  '{HERE}',
  '$.a[?(@.b',
  '<script>',
  '{"a":',
  '1e999',
  'NaN',
  'null',
  'yes',
  '2026-02-30',
];
export const oddKeys = oddTexts.filter((text) => text.length < 100);

const oddNumbers = [
  0,
  -0,
  -1,
  1,
  0.5,
  -0.1,
  1e-7,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e21,
  1.7976931348623157e308,
  -1e308,
  5e-324,
];

export const oddValues = oneof<Arbitrary<unknown>[]>(
  constantFrom(...oddTexts),
  constantFrom(...oddNumbers),
  constantFrom(...rawNumbers),
  constantFrom(null, true, false, [], {}, [[]], [null], [{}], { '': '' }),
  jsonValue({ maxDepth: 2 }),
);

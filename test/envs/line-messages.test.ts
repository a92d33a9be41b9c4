import { describe, expect, test } from 'vitest';
import { readLine } from '../../envs/processes/line-messages.ts';

const message = { jsonrpc: '2.0', id: 1, result: { text: 'a } { "id": 2 \\" b' } };
const json = JSON.stringify(message);

describe('a line of a server’s output', () => {
  test.each([
    ['as it should be', json],
    ['after a byte order mark', `\uFEFF${json}`],
    ['with a carriage return', `${json}\r`],
    ['between blanks', `  \t${json}  `],
    ['after NULs', `\0\0${json}`],
  ])('is a message: %s', (_, line) => {
    expect(readLine(line)).toEqual({ messages: [message], noise: '' });
  });

  test.each([
    ['before it', `Loading model... ${json}`, 'Loading model...'],
    ['after it', `${json}done`, 'done'],
    ['on both sides, with braces of its own', `INFO {"level":3} ${json} {x}`, 'INFO {"level":3}  {x}'],
    ['with half a message', `{"jsonrpc":"2.0","id":7,${json}`, '{"jsonrpc":"2.0","id":7,'],
  ])('may hold noise %s', (_, line, noise) => {
    expect(readLine(line)).toEqual({ messages: [message], noise });
  });

  test('may hold several messages, as a batch or side by side', () => {
    expect(readLine(`[${json},${json}]`).messages).toEqual([message, message]);
    expect(readLine(json + json)).toEqual({ messages: [message, message], noise: '' });
  });

  test.each(['', '\r', '\uFEFF', '   '])('is nothing where it is blank', (line) => {
    expect(readLine(line)).toEqual({ messages: [], noise: '' });
  });

  test('is noise where it holds no message, however much it looks like many', () => {
    for (const line of ['Listening on stdio', '"text"', '5', '[1,2]', '{"id":'.repeat(100_000)])
      expect(readLine(line)).toEqual({ messages: [], noise: line });
  });
});

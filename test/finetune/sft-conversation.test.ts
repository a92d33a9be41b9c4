import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sftRows } from '../../finetune/export/sft-rows.ts';
import { runOf } from './captured-run.ts';

const called = (id: string, name: string) => ({ id, type: 'function', function: { name, arguments: {} } });
const answered = (id: string, name: string) => ({ role: 'tool', name, tool_call_id: id, content: `${name} done` });

test('several calls of a turn are one message of the assistant, each answered under an id of its own', () => {
  const run = runOf([{ captures: [undefined, undefined], calls: [['list_servers', 'load_tools'], ['finish']] }]);
  writeFileSync(join(run, 'systems.jsonl'), `${JSON.stringify({ hash: 'hash', text: 'Use the tools.' })}\n`);
  const [row] = sftRows({ run, reward: 'sparse', offered: () => [] });
  expect(row?.conversation?.messages.slice(2)).toEqual([
    {
      role: 'assistant',
      content: '',
      tool_calls: [called('call_0', 'list_servers'), called('call_1', 'load_tools')],
    },
    answered('call_0', 'list_servers'),
    answered('call_1', 'load_tools'),
    { role: 'assistant', content: '', tool_calls: [called('call_2', 'finish')] },
    answered('call_2', 'finish'),
  ]);
});

test('what the user said next stands behind the answer to the finish that ended a message', () => {
  const run = runOf([{ captures: [undefined, undefined], users: ['And then?'] }]);
  writeFileSync(join(run, 'systems.jsonl'), `${JSON.stringify({ hash: 'hash', text: 'Use the tools.' })}\n`);
  const [row] = sftRows({ run, reward: 'sparse', offered: () => [] });
  expect(row?.conversation?.messages.slice(2)).toEqual([
    { role: 'assistant', content: '', tool_calls: [called('call_0', 'finish')] },
    answered('call_0', 'finish'),
    { role: 'user', content: 'And then?' },
    { role: 'assistant', content: '', tool_calls: [called('call_1', 'finish')] },
    answered('call_1', 'finish'),
  ]);
});

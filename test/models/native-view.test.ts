import { expect, test } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { oracle } from '../../baselines/policies/oracle.ts';
import { random } from '../../baselines/policies/random.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { callsOf } from '../../core/trajectory.ts';
import type { Policy } from '../../core/types.ts';
import native from '../../envs/views/native.ts';
import { fakeServer, ollamaLines } from './fake-server.ts';
import { clientOptions } from './request.ts';
import { tinyEpisode, tinyTask } from './tiny-world.ts';

const call = { name: 'notes__add_note', arguments: { text: 'blue' } };
const meant = { name: 'call_tool', arguments: { server: 'notes', tool: 'add_note', arguments: { text: 'blue' } } };
const finish = { name: 'finish', arguments: { answer: 'noted' } };

const play = (policy: Policy) => tinyEpisode(policy, undefined, undefined, tinyTask, native);
const loopOver = (url: string) => modelLoop({ client: ollamaClient({ model: 'tiny', host: url, ...clientOptions }) });

test('a model is offered the tools as functions, and the record says what it called and how', async () => {
  await using server = await fakeServer((_request, number) => ({
    body: ollamaLines({ tool_calls: [{ function: number === 1 ? call : finish }] }),
  }));
  const { trajectory } = await play(loopOver(server.url));
  expect(trajectory.outcome).toEqual({ kind: 'terminated', answer: 'noted' });
  const [first, last] = callsOf(trajectory);
  expect(first).toMatchObject({ action: meant, written: call, event: { kind: 'called', tools: ['add_note'] } });
  expect(first?.observation.text).toBe('Noted: "blue"');
  expect(last).not.toHaveProperty('written');
  const [asked, again] = server.requests.map(({ body }) => body);
  const offered = asked.tools.map((tool: { function: { name: string } }) => tool.function.name);
  expect(offered.toSorted()).toEqual(['finish', call.name]);
  expect(again.messages.at(-2).tool_calls).toEqual([{ function: call }]);
});

test('a model that cannot take functions gets them in its prompt', async () => {
  await using server = await fakeServer(({ body }, number) => {
    if (body.tools) return { status: 400, body: { error: 'tiny does not support tools' } };
    const asked = number === 2 ? call : finish;
    return { body: ollamaLines({ content: `<tool_call>\n${JSON.stringify(asked)}\n</tool_call>` }) };
  });
  const { trajectory } = await play(loopOver(server.url));
  expect(callsOf(trajectory).map(({ action }) => action)).toEqual([meant, finish]);
  expect(server.requests[1]?.body.messages[0].content).toContain(`"name": "${call.name}"`);
});

test('a model’s own call_tool is no function here', async () => {
  await using server = await fakeServer((_request, number) => ({
    body: ollamaLines({ tool_calls: [{ function: number === 1 ? meant : finish }] }),
  }));
  const { trajectory } = await play(loopOver(server.url));
  expect(callsOf(trajectory)[0]).toMatchObject({
    event: { kind: 'refused' },
    observation: { text: 'There is no function "call_tool".' },
  });
});

test('policies in code say call_tool as in other views, and it is counted as the function', async () => {
  const plan = [{ server: 'notes', tool: 'add_note', arguments: { text: 'blue' }, after: [] }];
  const { trajectory } = await play(oracle(() => ({ plan, answer: 'noted' })));
  expect(callsOf(trajectory).map(({ action, written }) => written ?? action)).toEqual([call, finish]);
  const drawn = await play(random());
  for (const { action, event } of callsOf(drawn.trajectory))
    expect(['called', 'finished'], action.name).toContain(event.kind);
});

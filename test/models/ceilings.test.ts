import { expect, test } from 'vitest';
import { withCeilings } from '../../core/models/ceilings.ts';
import type { ChatReply, ModelClient } from '../../core/models/model-client.ts';
import { promptTokens } from '../../core/models/prompt-tokens.ts';
import { defaultSampling } from '../../baselines/model-loop/sampling.ts';

const sampling = { ...defaultSampling, outputTokens: 100, seed: 0 };
const messages = [{ role: 'user' as const, content: 'Hello.' }];
const { signal } = new AbortController();

/** A client whose replies come when the test says so. */
function heldClient() {
  const open: (() => void)[] = [];
  const reply: ChatReply = {
    text: 'Hi.',
    reasoning: '',
    calls: [],
    usage: { promptTokens: 10, outputTokens: 5 },
    finishReason: 'stop',
  };
  const chat = () => new Promise<ChatReply>((resolve) => open.push(() => resolve(reply)));
  const client: ModelClient = { name: 'held', check: () => Promise.resolve(), chat };
  return { client, open };
}

test('a call that fits only once another has used less than was held for it waits, and is then made', async () => {
  const { client, open } = heldClient();
  const most = Math.ceil(promptTokens(messages, []) * 1.2) + sampling.outputTokens;
  const bounded = withCeilings(client, { totalTokens: most + 20 }, undefined);
  const ask = () => bounded.chat(messages, [], sampling, signal);
  const [first, second] = [ask(), ask()];
  await Promise.resolve();
  expect(open.length, 'held back').toBe(1);
  open[0]?.();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(open.length).toBe(2);
  open[1]?.();
  await second;
  await expect(ask()).rejects.toThrow(`of ${most + 20} tokens 30 are used, and the next call may take ${most}`);
  expect(open.length, 'nothing was asked beyond').toBe(2);
});

test('seconds that are over let no call through', async () => {
  const { client, open } = heldClient();
  const bounded = withCeilings(client, { totalSeconds: 0 }, undefined);
  await expect(bounded.chat(messages, [], sampling, signal)).rejects.toThrow('the 0 seconds are over');
  expect(open.length).toBe(0);
});

import modelLoop from '../../../baselines/model-loop/model-loop.ts';
import type { EpisodeStart, Observation } from '../../../core/types.ts';
import { NoNativeTools, type ModelClient } from '../../../core/models/model-client.ts';
import ollamaClient from '../../../core/models/ollama.ts';
import openAiClient from '../../../core/models/openai.ts';
import { completion, fakeServer, ollamaLines } from '../../models/fake-server.ts';
import { clientOptions, signal, tools } from '../../models/request.ts';
import { failures, type Reader } from '../reader.ts';

let body = '';
// It lives as long as the tests; nothing waits for it.
const { url } = await fakeServer(() => ({ body, headers: { connection: 'close' } }));

const options = { model: 'tiny', ...clientOptions, attempts: 1 };
const ollama = ollamaClient({ ...options, host: url });
const openai = openAiClient({ ...options, baseUrl: `${url}/v1` });

const call = { function: { name: 'call_tool', arguments: { server: 'memory', tool: 'read_graph', arguments: {} } } };
const logprobs = [{ token: 'yes', logprob: -0.1, top_logprobs: [{ token: 'yes', logprob: -0.1 }] }];
const wireCall = { id: 'a', type: 'function', function: { name: 'finish', arguments: '{"answer": "x"}' } };

const episode: EpisodeStart = {
  taskId: 't',
  prompt: 'Do it.',
  system: 'You act.',
  metaTools: tools,
  view: 'tool',
  visible: { servers: [], names: new Map(), loaded: [] },
  root: '/world',
  seed: 1,
  signal,
};

/** Two, so that the first reply is also shown as history. */
async function twoTurns(client: ModelClient): Promise<void> {
  const session = modelLoop({ client }).start(episode);
  const observation: Observation = { text: 'ok', isError: false, source: 'results', server: '', cutTokens: 0 };
  for (const shown of [[], [observation]]) {
    const { calls } = await session.act(shown);
    for (const { action } of calls)
      if (typeof action.name !== 'string' || typeof action.arguments !== 'object') throw new Error('no action');
  }
}

/** What endpoints answer: chat replies of both wires up to a policy's action, and lists of models. */
export default {
  share: 1.5,
  isInMemory: true,
  inputs: [
    {
      'ollama.jsonl': {
        form: 'lines',
        text: ollamaLines({ thinking: 'Hm.', content: 'So.', tool_calls: [call] }, { logprobs }),
      },
    },
    {
      'openai.json': {
        form: 'json',
        text: JSON.stringify({ ...completion({ content: 'So.', reasoning: 'Hm.', tool_calls: [wireCall] }) }),
      },
    },
    {
      'openai.json': {
        form: 'json',
        text: JSON.stringify({
          choices: [
            {
              message: { content: '<tool_call>{"name": "finish", "arguments": {}}</tool_call>' },
              logprobs: { content: logprobs },
            },
          ],
        }),
      },
    },
    { 'tags.json': { form: 'json', text: JSON.stringify({ models: [{ name: 'tiny', digest: 'abc' }] }) } },
    { 'models.json': { form: 'json', text: JSON.stringify({ data: [{ id: 'tiny' }] }) } },
  ],
  read: async (files) => {
    for (const [name, bytes] of files) {
      body = bytes.toString();
      if (name === 'tags.json') await ollama.build?.(signal);
      else if (name === 'models.json') await openai.check(signal);
      else await twoTurns(name === 'ollama.jsonl' ? ollama : openai);
    }
  },
  isRefusal: (error) => failures(error) || error instanceof NoNativeTools,
} satisfies Reader;

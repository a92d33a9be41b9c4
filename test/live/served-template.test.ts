import { readFileSync } from 'node:fs';
import { Ollama } from 'ollama';
import { expect, test } from 'vitest';
import { jinjaTemplate } from '../../core/models/chat-template.ts';
import { loadModel } from '../../core/models/llama-library.ts';
import type { ChatMessage, ModelCall, Sampling } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { cachedModel } from './llama-model.ts';
import { contextTokens, isInstalled, model, startOllama } from './ollama-server.ts';
import { howToRun, isLive } from './slow.ts';

const textOf = (name: string) => readFileSync(new URL(`../../finetune/trl/${name}`, import.meta.url), 'utf8');
const served = /TEMPLATE """(?<template>.*?)"""/s.exec(textOf('Modelfile'))?.groups?.['template'] ?? '';

const properties = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string', description: 'Ignored.' }])),
});
const tools = [
  { name: 'load_tools', description: 'Shows tools.', inputSchema: properties('tools', 'server') },
  { name: 'call_tool', description: 'Calls one.', inputSchema: properties('server', 'tool', 'arguments') },
  { name: 'finish', description: 'Ends.', inputSchema: properties() },
];
const callOf = (name: string, args: ModelCall['arguments']): ModelCall => ({
  id: 'call_0',
  name,
  arguments: args,
  source: '',
});
const load = callOf('load_tools', { tools: ['write_file'], server: 'files' });
const write = callOf('call_tool', {
  server: 'files',
  tool: 'write_file',
  arguments: { path: 'a “b”.txt', content: '1\n2' },
});
const conversation: readonly ChatMessage[] = [
  { role: 'system', content: 'You work with servers:\n- files: writes.' },
  { role: 'user', content: 'Write “1” to the file “a.txt”.' },
  { role: 'assistant', content: '', calls: [load] },
  { role: 'tool', content: '{"name":"write_file"}', answers: load },
  { role: 'assistant', content: 'Now it is written.', calls: [write] },
  { role: 'tool', content: 'Done.', answers: write },
];

const cached = cachedModel();
const title = 'Ollama shows a finetuned model the conversation that it was trained on, by the count of its tokens';
if (!isInstalled || 'missing' in cached) {
  test.skip(
    `${title} (absent; add it with: test/live/setup-ollama.sh and npm install --no-save node-llama-cpp@3.21.1)`,
  );
} else if (!isLive) {
  test.skip(`${title} ${howToRun}`);
} else {
  test(title, { timeout: 240_000 }, async ({ signal }) => {
    const { begin, ends, tokenize } = await loadModel(cached.path, 1);
    const trained = jinjaTemplate(textOf('template.jinja'), { begin: begin?.text ?? null, ends }, 'template.jinja');
    await using server = await startOllama();
    const ollama = new Ollama({ host: server.host });
    const name = 'toolstone-served';
    await ollama.create({ model: name, from: model, template: served });
    try {
      const client = ollamaClient({ model: name, host: server.host, seed: 1 });
      const sampling: Sampling = {
        temperature: 0,
        topP: 1,
        topK: 0,
        minP: 0,
        repeatPenalty: 1,
        seed: 1,
        outputTokens: 1,
        contextTokens,
      };
      for (const [length, given] of [[2, tools] as const, [4, tools] as const, [6, tools] as const, [6, []] as const]) {
        const messages = conversation.slice(0, length);
        const { usage } = await client.chat(messages, given, sampling, signal);
        const expected = tokenize(trained.render(messages, given, true)).length;
        expect(usage.promptTokens, `${length} messages, ${given.length} tools`).toBe(expected);
      }
    } finally {
      await ollama.delete({ model: name });
    }
  });
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Ollama } from 'ollama';
import { expect, test } from 'vitest';
import { jinjaTemplate } from '../../core/models/chat-template.ts';
import { loadModel } from '../../core/models/llama-library.ts';
import type { ChatMessage, ModelCall, Sampling } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import { dialects, gemma, templateOf, type Dialect } from '../finetune/dialects.ts';
import { cachedModel } from './llama-model.ts';
import { contextTokens, isInstalled, model, smallModel, startOllama } from './ollama-server.ts';
import { howToRun, isLive } from './slow.ts';

/** What a finetuning writes for Ollama. */
function servedTemplate(dialect: Dialect): string {
  const script = fileURLToPath(new URL('../finetune/modelfile.py', import.meta.url));
  const { stdout } = spawnSync('python3', [script], { input: JSON.stringify(dialect), encoding: 'utf8' });
  return /TEMPLATE """(?<template>.*?)"""/s.exec(stdout)?.groups?.['template'] ?? '';
}

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

const title = 'Ollama shows a finetuned model the conversation that it was trained on, by the count of its tokens';
const bases = [
  [smallModel, dialects['smollm2'] as Dialect],
  [model, gemma],
] as const;
for (const [base, dialect] of bases) {
  const cached = cachedModel(base);
  if (!isInstalled || 'missing' in cached) {
    const added = 'test/live/setup-ollama.sh and npm install --no-save node-llama-cpp@3.21.1';
    test.skip(`${title}: ${base} (absent; add it with: ${added})`);
  } else if (!isLive) {
    test.skip(`${title}: ${base} ${howToRun}`);
  } else {
    test(`${title}: ${base}`, { timeout: 240_000 }, async ({ signal }) => {
      const { begin, ends, tokenize } = await loadModel(cached.path, 1);
      const trained = jinjaTemplate(templateOf(dialect), { begin: begin?.text ?? null, ends }, 'of ours');
      await using server = await startOllama();
      const ollama = new Ollama({ host: server.host });
      const name = 'toolstone-served';
      await ollama.create({ model: name, from: base, template: servedTemplate(dialect) });
      try {
        const client = ollamaClient({ model: name, host: server.host, seed: 1 });
        for (const [length, given] of [
          [2, tools] as const,
          [4, tools] as const,
          [6, tools] as const,
          [6, []] as const,
        ]) {
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
}

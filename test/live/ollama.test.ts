import { expect, test } from 'vitest';
import modelLoop from '../../baselines/model-loop/model-loop.ts';
import { EndpointContextExceeded, UsageError } from '../../core/errors.ts';
import { NoNativeTools, type Sampling } from '../../core/models/model-client.ts';
import ollamaClient from '../../core/models/ollama.ts';
import openAiClient from '../../core/models/openai.ts';
import { tinyEpisode } from '../models/tiny-world.ts';
import { howToRun, isLive } from './slow.ts';
import { contextTokens, isInstalled, model, startOllama } from './ollama-server.ts';

const sampling = {
  temperature: 0.8,
  topP: 0.9,
  topK: 40,
  minP: 0,
  repeatPenalty: 1,
  outputTokens: 12,
  contextTokens,
  threads: 2,
} satisfies Partial<Sampling>;
const tool = { name: 'finish', description: 'Ends.', inputSchema: { type: 'object', properties: {} } };

const title = 'a real model on a real Ollama server: every turn recorded, bounded and counted';
if (!isInstalled) {
  test.skip(`${title} (absent; add it with: test/live/setup-ollama.sh)`);
} else if (!isLive) {
  test.skip(`${title} ${howToRun}`);
} else {
  test(title, { timeout: 240_000 }, async ({ signal }) => {
    await using server = await startOllama();
    const client = ollamaClient({ model, host: server.host, seed: 1 });
    await client.check(signal);

    const stranger = ollamaClient({ model: 'nope', host: server.host, seed: 1 });
    await expect(stranger.check(signal)).rejects.toThrow(new RegExp(`has no model "nope"\\. Known: .*${model}:latest`));
    const hello = [{ role: 'user', content: 'Hello' }] as const;
    await expect(stranger.chat(hello, [], { ...sampling, seed: 1 }, signal)).rejects.toThrow(UsageError);
    await expect(client.chat(hello, [tool], { ...sampling, seed: 1 }, signal)).rejects.toThrow(NoNativeTools);
    const compatible = openAiClient({ model, baseUrl: `${server.host}/v1`, seed: 1 });
    await compatible.check(signal);
    await expect(compatible.chat(hello, [tool], { ...sampling, seed: 1 }, signal)).rejects.toThrow(NoNativeTools);
    const reply = await compatible.chat(hello, [], { ...sampling, outputTokens: 4, seed: 1 }, signal);
    expect(reply.usage.outputTokens, 'tokens by the OpenAI route').toBeLessThanOrEqual(4);

    const long = [{ role: 'user', content: 'word '.repeat(2_000) }] as const;
    await expect(client.chat(long, [], { ...sampling, seed: 1 }, signal)).rejects.toThrow(EndpointContextExceeded);

    const { trajectory } = await tinyEpisode(
      modelLoop({ client, sampling }),
      { contextTokens: 420, resultTokens: 100 },
      signal,
    );
    expect(trajectory.outcome.kind, JSON.stringify(trajectory.outcome)).not.toBe('failed');
    expect(trajectory.turns.length, 'turns').toBeGreaterThan(0);
    for (const turn of trajectory.turns) {
      expect(turn.text, 'raw reply').toBeTypeOf('string');
      expect(turn.usage?.outputTokens, 'output tokens').toBeLessThanOrEqual(sampling.outputTokens);
      expect(turn.usage?.promptTokens, 'prompt tokens by the server').toBeGreaterThan(50);
      expect(turn.tokens.prompt, 'prompt tokens by our count').toBeGreaterThan(50);
      for (const { event } of turn.calls) expect(event.kind).toMatch(/^(refused|called|finished)$/);
    }
  });
}

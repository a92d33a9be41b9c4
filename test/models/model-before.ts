import { onTestFinished, vi } from 'vitest';
import { completion, fakeServer, ollamaLines, type FakeAnswer, type FakeRequest } from './fake-server.ts';

/** What a request asked for, whatever the wire. */
export interface AskedFor {
  readonly system: string;
  readonly user: string;
  readonly schema: { readonly properties: Record<string, Record<string, unknown>> } | undefined;
  readonly seed: number;
}

const wires = {
  ollama: {
    list: { body: { models: [{ name: 'tiny:latest', digest: 'd1' }] } },
    say: (text: string): FakeAnswer => ({ body: ollamaLines({ content: text }) }),
    read: ({ body }: FakeRequest): AskedFor => ({
      system: body.messages[0].content,
      user: body.messages[1].content,
      schema: body.format,
      seed: body.options.seed,
    }),
  },
  openai: {
    list: { body: { data: [{ id: 'tiny' }] } },
    say: (text: string): FakeAnswer => ({ body: completion({ content: text }) }),
    read: ({ body }: FakeRequest): AskedFor => ({
      system: body.messages[0].content,
      user: body.messages[1].content,
      schema: body.response_format?.json_schema.schema,
      seed: body.seed,
    }),
  },
} as const;

export type Wire = keyof typeof wires;

/** A server whose model writes what the script says; requests of its chats, in order, numbered from 1. */
export async function modelBefore(
  wire: Wire,
  answer: (asked: AskedFor, number: number, request: FakeRequest) => string | FakeAnswer,
) {
  const { list, say, read } = wires[wire];
  const asked: AskedFor[] = [];
  const server = await fakeServer((request) => {
    if (!/chat/.test(request.path)) return list;
    // The shortest request tells whether a fault is of one request alone: here it is.
    if (request.body.messages.length === 1) return say('Hi.');
    asked.push(read(request));
    const given = answer(read(request), asked.length, request);
    return typeof given === 'string' ? say(given) : given;
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('OLLAMA_HOST', server.url);
  vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
  vi.stubEnv('OPENAI_API_KEY', 'sk-test');
  return { asked, url: server.url };
}

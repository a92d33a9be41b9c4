import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ChatRequest, Help, Reply, Script } from './script.ts';

export interface Endpoint extends AsyncDisposable {
  readonly port: number;
  /** Bodies of the requests for a reply, in order. */
  readonly requests: readonly string[];
}

const MODELS = ['stub', 'qwen/qwen3-4b:free'];
const CHARACTERS_PER_TOKEN = 3.5;

/** A model on loopback that answers by a script: OpenAI's `/v1/chat/completions` and Ollama's `/api/chat`. */
export async function startEndpoint(script: Script): Promise<Endpoint> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
  });
  const answer = ({ method, url = '' }: IncomingMessage, body: string, response: ServerResponse) => {
    if (url.endsWith('/api/tags'))
      return json(response, 200, { models: [{ name: 'stub:latest', model: 'stub:latest', digest: 'd1', size: 1 }] });
    if (method === 'GET' && url.endsWith('/v1/models'))
      return json(response, 200, { object: 'list', data: MODELS.map((id) => ({ id })) });
    if (method !== 'POST' || !/^\/(v1\/chat\/completions|api\/chat)$/.test(url))
      return json(response, 404, { error: { message: 'not found' } });
    requests.push(body);
    const request = JSON.parse(body) as ChatRequest;
    const turn = request.messages.filter(({ role }) => role === 'assistant').length;
    const reply = script(turn, request, helpOf(request, requests.length));
    if (reply.destroy) return response.destroy();
    if (reply.raw !== undefined) {
      response.writeHead(reply.status ?? 200, { 'content-type': 'text/event-stream', ...reply.headers });
      return response.end(reply.raw);
    }
    if (reply.status !== undefined) return json(response, reply.status, reply.body, reply.headers);
    return url === '/api/chat' ? ollamaReply(response, reply, request) : openAiReply(response, reply, request);
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function json(response: ServerResponse, status: number, value: unknown, headers: Reply['headers'] = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
}

function helpOf({ messages }: ChatRequest, number: number): Help {
  const last = messages.at(-1)?.content ?? '';
  return {
    last: typeof last === 'string' ? last : JSON.stringify(last),
    call: (name, args) => ({
      id: `c${number}x${name}`,
      type: 'function',
      function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
    }),
  };
}

/** About what such a prompt has. */
const usageOf = ({ usage }: Reply, { messages, tools = [] }: ChatRequest) =>
  usage ?? {
    prompt_tokens: Math.ceil((JSON.stringify(messages).length + JSON.stringify(tools).length) / CHARACTERS_PER_TOKEN),
    completion_tokens: 30,
  };

function openAiReply(response: ServerResponse, reply: Reply, request: ChatRequest): void {
  const message = { role: 'assistant', content: null, ...reply.message };
  const finish_reason = reply.finish_reason ?? (message.tool_calls ? 'tool_calls' : 'stop');
  const choices = [{ index: 0, message, finish_reason }];
  json(response, 200, { id: 'x', object: 'chat.completion', model: 'stub', choices, usage: usageOf(reply, request) });
}

function ollamaReply(response: ServerResponse, reply: Reply, request: ChatRequest): void {
  const { tool_calls, ...rest } = reply.message ?? {};
  const calls = tool_calls?.map(({ function: { name, arguments: args } }) => ({
    function: { name, arguments: JSON.parse(args === '' ? '{}' : args) },
  }));
  const message = { role: 'assistant', content: '', ...rest, ...(calls ? { tool_calls: calls } : {}) };
  const usage = usageOf(reply, request);
  const shared = { model: 'stub', created_at: new Date(0).toISOString() };
  const last = {
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: reply.finish_reason ?? 'stop',
    prompt_eval_count: usage.prompt_tokens,
    eval_count: usage.completion_tokens,
  };
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  for (const chunk of [...(reply.chunks ?? [{ message }]), last])
    response.write(`${JSON.stringify({ ...shared, done: false, ...chunk })}\n`);
  response.end();
}

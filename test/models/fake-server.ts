import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever was sent
  readonly body: any;
}

/** What to answer: status, headers and body, or a function for bodies that misbehave. */
export type FakeAnswer =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }
  | ((response: ServerResponse) => void);

/** An HTTP server that answers by the script's function of request and number; records what it got. */
export async function fakeServer(
  answer: (request: FakeRequest, number: number) => FakeAnswer,
): Promise<{ readonly url: string; readonly requests: FakeRequest[] } & AsyncDisposable> {
  const requests: FakeRequest[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: text === '' ? null : JSON.parse(text) };
      requests.push(one);
      const given = answer(one, requests.length);
      if (typeof given === 'function') return given(response);
      response.writeHead(given.status ?? 200, { 'content-type': 'application/json', ...given.headers });
      return response.end(typeof given.body === 'string' ? given.body : JSON.stringify(given.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The lines of an Ollama stream. */
export const ollamaLines = (message: object, rest: object = {}): string =>
  [
    { message: { role: 'assistant', content: '', ...message }, done: false },
    {
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 1_000,
      eval_count: 5,
      ...rest,
    },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

/** An OpenAI chat completion. */
export const completion = (message: object): object => ({
  choices: [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1_000, completion_tokens: 5 },
});

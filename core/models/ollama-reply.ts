import type { ChatResponse } from 'ollama';
import { messageOf } from '../errors.ts';
import { EndpointFault, faultWithin } from './fault.ts';
import { callArguments, likelyTokens, type ChatReply, type LikelyToken, type ModelCall } from './model-client.ts';
import { argumentsIn } from './openai-reply.ts';

/** Joins the chunks of a streamed reply. */
export async function gather(chunks: AsyncIterable<ChatResponse>): Promise<ChatReply> {
  let [text, reasoning] = ['', ''];
  const calls: ModelCall[] = [];
  const likely: LikelyToken[] = [];
  let last: ChatResponse | undefined;
  for await (const chunk of wholeStream(chunks)) {
    last = chunk;
    text += chunk.message.content ?? '';
    reasoning += chunk.message.thinking ?? '';
    likely.push(...(likelyTokens(chunk.logprobs) ?? []));
    const called: unknown = chunk.message.tool_calls ?? [];
    if (!Array.isArray(called)) throw nonsense(JSON.stringify(called));
    for (const one of called as readonly unknown[]) calls.push(readCall(one, calls.length));
  }
  return {
    text,
    reasoning,
    calls,
    usage: { promptTokens: countOrNull(last?.prompt_eval_count), outputTokens: countOrNull(last?.eval_count) },
    finishReason: last?.done_reason ?? 'unknown',
    ...(likely.length > 0 ? { likely } : {}),
  };
}

function readCall(value: unknown, index: number): ModelCall {
  const called = callArguments(callArguments(value)?.['function']);
  if (!called) throw nonsense(JSON.stringify(value));
  const { name, arguments: written = null } = called;
  const source = typeof written === 'string' ? written : JSON.stringify(written);
  return { id: `call_${index}`, name: typeof name === 'string' ? name : '', arguments: argumentsIn(source), source };
}

const countOrNull = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);

/** The library has a plain error for a stream that ends too early. */
async function* wholeStream(chunks: AsyncIterable<ChatResponse>): AsyncIterable<ChatResponse> {
  try {
    yield* chunks;
  } catch (error) {
    if (!/did not receive done/i.test(messageOf(error))) throw error;
    throw new EndpointFault(502, { message: 'the reply breaks off', words: '' });
  }
}

/** Stops a stream at its first line that is no chat chunk; the library would only print a warning and go on. */
export function onlyJsonLines(exchange: typeof fetch): typeof fetch {
  return async (url, init) => {
    const response = await exchange(url, init);
    let pending = '';
    const decoder = new TextDecoder();
    const checked = new TransformStream<Uint8Array, Uint8Array>({
      transform: (bytes, controller) => {
        pending += decoder.decode(bytes, { stream: true });
        const lines = pending.split('\n');
        pending = lines.pop() ?? '';
        const fault = lines.map(faultOfLine).find((one) => one !== null);
        if (fault) controller.error(fault);
        else controller.enqueue(bytes);
      },
      flush: (controller) => {
        const fault = pending === '' ? null : faultOfLine(pending);
        if (fault) controller.error(fault);
      },
    });
    return new Response(response.body?.pipeThrough(checked) ?? null, {
      status: response.status,
      headers: response.headers,
    });
  };
}

/** What a line of a stream is where it is no chat chunk: an error in the middle of a reply, or nonsense. */
function faultOfLine(line: string): EndpointFault | null {
  const chunk = callArguments(line);
  const fault = chunk && faultWithin(chunk);
  if (fault) return fault;
  const message = chunk && callArguments(chunk['message']);
  const content = message?.['content'] ?? '';
  if (message && typeof content === 'string') return null;
  return nonsense(line);
}

const nonsense = (text: string): EndpointFault => {
  const message = `something other than a chat chunk: ${JSON.stringify(text.slice(0, 100))}`;
  return new EndpointFault(200, { message, words: '' });
};

/* What a scripted model is told and what it says, in the words of OpenAI's chat completions. */

export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface Message {
  readonly role: string;
  readonly content?: unknown;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ToolCall[];
}

export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly unknown[];
}

/** A message, or `status` and `body` of an answer that is none, or its bytes. `chunks` are the lines of Ollama's stream. */
export interface Reply {
  readonly message?: Partial<Message>;
  readonly finish_reason?: string;
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly raw?: string;
  readonly chunks?: readonly object[];
  /** The connection is cut. */
  readonly destroy?: true;
}

export interface Help {
  /** A call of a meta-tool; arguments that are a text go as they stand. */
  readonly call: (name: string, args: unknown) => ToolCall;
  /** Text of the last message. */
  readonly last: string;
}

/** `turn` counts the assistant's messages in the request. */
export type Script = (turn: number, request: ChatRequest, help: Help) => Reply;

/** Everything that the model was told, as one text. */
export const toldIn = ({ messages }: ChatRequest): string =>
  JSON.stringify(messages.filter(({ role }) => role !== 'assistant'));

/** The call that a reply makes. */
export const callIn = ({ message }: Reply): ToolCall['function'] => {
  const call = message?.tool_calls?.[0];
  if (call === undefined) throw new Error('the reply makes no call');
  return call.function;
};

/** A reply whose message says more. */
export const saying = (reply: Reply, more: Partial<Message>): Reply => ({
  ...reply,
  message: { ...reply.message, ...more },
});

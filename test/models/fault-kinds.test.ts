import { describe, expect, test } from 'vitest';
import { EndpointFault, faultText } from '../../core/models/fault.ts';
import { finishKind } from '../../core/models/finish.ts';

const kindOf = (status: number, body: object | string): string =>
  new EndpointFault(status, faultText(typeof body === 'string' ? body : JSON.stringify(body))).kind;

const context: readonly (readonly [string, number, object | string])[] = [
  ['OpenAI, code', 400, { error: { message: 'Too much.', code: 'context_length_exceeded' } }],
  ['OpenAI, sentence', 400, { error: { message: 'Your input exceeds the context window of this model.' } }],
  [
    'vLLM',
    400,
    { object: 'error', message: "This model's maximum context length is 2048 tokens. However, your request has 2203." },
  ],
  [
    'vLLM with the bound',
    400,
    {
      message:
        "'max_tokens' or 'max_completion_tokens' is too large: 1024. This model's maximum context length is 2048 tokens.",
    },
  ],
  [
    'vLLM, longer than the model',
    400,
    { message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.' },
  ],
  ['llama.cpp', 400, { error: { type: 'exceed_context_size_error', message: 'no room', n_ctx: 4096 } }],
  [
    'llama.cpp, older',
    500,
    { error: { message: 'the request exceeds the available context size. try increasing it' } },
  ],
  ['Ollama', 400, { error: 'the input length exceeds the context length' }],
  ['Ollama, cloud', 400, { error: 'prompt too long; exceeded max context length by 10 tokens' }],
  [
    'LM Studio',
    400,
    {
      error:
        'Trying to keep the first 4100 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.',
    },
  ],
  [
    'Anthropic',
    400,
    { error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' } },
  ],
  [
    'Anthropic with the bound',
    400,
    { error: { message: 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000' } },
  ],
  ['Anthropic by size', 413, { error: { type: 'request_too_large', message: 'Request exceeds the maximum size' } }],
  [
    'Gemini, in a list',
    400,
    [
      {
        error: {
          code: 400,
          message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
        },
      },
    ],
  ],
  ['Mistral', 400, { message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length' }],
  ['Groq', 400, { error: { message: 'Please reduce the length of the messages or completion.' } }],
  ['TGI', 422, { error: 'Input validation error: `inputs` must have less than 4097 tokens. Given: 5000' }],
  ['SGLang', 400, { message: "The input (5000 tokens) is longer than the model's context length (4096 tokens)." }],
  ['xAI', 400, { error: "This model's maximum prompt length is 131072 but the request contains 200000 tokens." }],
  ['Bedrock', 400, { message: 'Input is too long for requested model.' }],
  ['Moonshot', 400, { error: { message: 'Your request exceeded model token limit: 8192' } }],
  [
    'a router, the provider’s words inside',
    400,
    {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: '{"error":{"code":"context_length_exceeded"}}' },
      },
    },
  ],
  ['a proxy', 400, { error: { message: 'litellm.ContextWindowExceededError: no' } }],
];

const others: readonly (readonly [string, string, number, object | string])[] = [
  ['filter', 'OpenAI', 400, { error: { code: 'content_policy_violation', message: 'Your request was rejected.' } }],
  ['filter', 'Azure', 400, { error: { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } } }],
  [
    'filter',
    'OpenRouter',
    403,
    {
      error: {
        message: 'Your chosen model requires moderation and your input was flagged for "violence"',
        metadata: { reasons: ['violence'] },
      },
    },
  ],
  ['filter', 'DeepSeek', 400, { error: { message: 'Content Exists Risk' } }],
  [
    'filter',
    'DashScope',
    400,
    { code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' },
  ],
  ['unparsed-call', 'Ollama', 500, { error: "error parsing tool call: raw='{', err=unexpected end" }],
  [
    'unparsed-call',
    'Ollama’s XML',
    500,
    { error: 'XML syntax error on line 4: element <function> closed by </parameter>' },
  ],
  ['unparsed-call', 'llama.cpp', 500, { error: { message: 'Failed to parse input at pos 23: <tool_call>' } }],
  [
    'unparsed-call',
    'Groq',
    400,
    { error: { code: 'tool_use_failed', message: 'Failed to call a function.', failed_generation: '<function=x' } },
  ],
  ['unparsed-call', 'vLLM', 500, { message: 'Error in extracting tool call from response.' }],
  [
    'other',
    'our own history',
    400,
    {
      error: { message: "Invalid 'messages[2].tool_calls[0].function.arguments': failed to parse tool call arguments" },
    },
  ],
  [
    'output-bound',
    'OpenAI',
    400,
    { error: { message: 'Could not finish the message because max_tokens or model output limit was reached.' } },
  ],
  ['no-tools', 'Ollama', 400, { error: 'registry/tiny does not support tools' }],
  ['no-media', 'llama.cpp', 500, { error: { message: 'image input is not supported - hint: provide the mmproj' } }],
  ['no-media', 'vLLM', 400, { error: { message: 'tiny is not a multimodal model' } }],
  ['no-media', 'Ollama', 500, { error: 'this model is missing data required for image input' }],
  ['no-media', 'OpenAI', 400, { error: { message: 'Invalid content type. image_url is only supported by some.' } }],
  ['no-media', 'OpenRouter', 404, { error: { message: 'No endpoints found that support image input' } }],
  ['other', 'one image alone', 400, { error: { message: 'The image data you provided is not a valid image.' } }],
  ['no-tools', 'OpenRouter', 404, { error: { message: 'No endpoints found that support tool use.' } }],
  [
    'no-tools',
    'a template that knows two roles',
    400,
    { message: 'Conversation roles must alternate user/assistant/user/assistant/...' },
  ],
  ['key', 'any', 401, { error: { message: 'no such key' } }],
  ['key', 'Gemini', 400, { error: { message: 'API key not valid. Please pass a valid API key.' } }],
  ['credit', 'OpenAI', 429, { error: { code: 'insufficient_quota', message: 'You exceeded your current quota.' } }],
  ['credit', 'any', 402, { error: 'Payment Required' }],
  [
    'other',
    'a rate',
    429,
    {
      error: { message: 'Rate limit reached: Limit 6000 tokens per minute, please reduce the length of the messages' },
    },
  ],
  [
    'other',
    'a rate by size',
    413,
    { error: { message: 'Request too large for model on tokens per minute (TPM): Limit 6000, Requested 8000' } },
  ],
  [
    'other',
    'an option out of range',
    400,
    { error: { message: 'max_tokens is too large: 9000. This model supports at most 4096 completion tokens.' } },
  ],
  [
    'other',
    'an option',
    422,
    {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'top_k'],
          msg: 'Extra inputs are not permitted',
          input: 'prompt is too long',
        },
      ],
    },
  ],
  ['other', 'memory', 500, { error: 'model requires more system memory than is available' }],
  ['other', 'a page', 502, '<html><h1>Bad gateway</h1></html>'],
];

describe('what an endpoint’s error means', () => {
  test.each(context)('context: %s', (_who, status, body) => expect(kindOf(status, body)).toBe('context'));
  test.each(others)('%s: %s', (kind, _who, status, body) => expect(kindOf(status, body)).toBe(kind));
});

test.each([
  ['a text', '{"error":"busy"}', 'busy'],
  ['an object', '{"error":{"message":"busy"}}', 'busy'],
  [
    'a list of details',
    '{"detail":[{"loc":["body","n"],"msg":"no"},{"loc":["body","m"],"msg":"nor"}]}',
    'body.n: no; body.m: nor',
  ],
  ['an object for a message', '{"object":"error","message":{"detail":[{"loc":["a"],"msg":"no"}]}}', 'a: no'],
  [
    'what a router passes on',
    '{"error":{"message":"Provider returned error","metadata":{"raw":"{\\"error\\":\\"full\\"}"}}}',
    'Provider returned error: full',
  ],
  ['a page', '<html>', '<html>'],
  ['nothing', '', 'no message'],
])('the sentence in an error: %s', (_form, body, message) => {
  expect(faultText(body).message).toBe(message);
});

test.each([
  ['length', 'length'],
  ['length', 'max_tokens'],
  ['length', 'MAX_TOKENS'],
  ['filter', 'content_filter'],
  ['filter', 'SAFETY'],
  ['filter', 'content_filter: PROHIBITED_CONTENT'],
  ['context', 'model_context_window_exceeded'],
  ['unparsed', 'MALFORMED_FUNCTION_CALL'],
  ['fault', 'error'],
  ['fault', 'insufficient_system_resource'],
  ['stop', 'stop'],
  ['stop', 'tool_calls'],
  ['stop', 'eos'],
])('the end of a reply is %s: %s', (kind, reason) => {
  expect(finishKind(reason)).toBe(kind);
});

import { readFileSync } from 'node:fs';
import { PolicyFailure } from '../../core/errors.ts';
import {
  NoNativeTools,
  type ChatMessage,
  type ChatReply,
  type ModelCall,
  type ModelClient,
  type Sampling,
} from '../../core/models/model-client.ts';
import { seedOf } from '../../core/seeds.ts';
import { pythonJson, toolCallText } from '../../core/tokens/template.ts';
import type { Action, Decision, EpisodeStart, MetaTool, Policy } from '../../core/types.ts';
import { parseCall } from './parse-call.ts';
import { defaultSampling } from './sampling.ts';

export interface ModelLoopOptions {
  readonly client: ModelClient;
  readonly sampling?: Partial<Omit<Sampling, 'seed'>>;
}

/** What the view is asked for a reply without a usable call: it refuses, and so the turn is recorded and counted. */
const unparsed: Action = { name: 'unparsed', arguments: {} };

interface Exchange {
  readonly content: string;
  readonly reasoning: string;
  /** The native call that was carried out, if the reply had one. */
  readonly call: ModelCall | null;
  observation: string;
}

/**
 * Differs from the paper: evaluation is greedy, and one call is carried out per reply (ATLAS lets a program make many).
 *
 * A language model as policy: system prompt, task, then one reply and one observation per turn. Tools go natively; a
 * server that says its model has none gets them in the prompt from then on. One call is carried out per reply, the
 * first; the recorded text holds the whole reply.
 */
export default function modelLoop(options: ModelLoopOptions): Policy {
  const { client } = options;
  let takesTools = true;
  const start: Policy['start'] = (episode) => {
    const exchanges: Exchange[] = [];
    const chat = client.converse?.() ?? client.chat;
    const ask = async (): Promise<ChatReply> => {
      const seed = seedOf('sampling', episode.seed, exchanges.length) >>> 1;
      const sampling = { ...defaultSampling, ...options.sampling, seed };
      if (takesTools) {
        try {
          return await chat(messagesOf(episode, exchanges, true), episode.metaTools, sampling, episode.signal);
        } catch (error) {
          if (!(error instanceof NoNativeTools)) throw error;
          takesTools = false;
        }
      }
      return chat(messagesOf(episode, exchanges, false), [], sampling, episode.signal);
    };
    return {
      act: async (observation) => {
        const last = exchanges.at(-1);
        if (last && observation) last.observation = observation.text;
        const reply = await ask();
        refuseUnbounded(reply, options.sampling?.outputTokens ?? defaultSampling.outputTokens, client.name);
        const { exchange, decision } = read(reply);
        exchanges.push(exchange);
        return decision;
      },
    };
  };
  return { name: client.name, start };
}

function messagesOf(episode: EpisodeStart, exchanges: readonly Exchange[], isNative: boolean): ChatMessage[] {
  const system = isNative ? episode.system : `${episode.system}\n\n${promptFormat(episode.metaTools)}`;
  return [
    { role: 'system', content: system },
    { role: 'user', content: episode.prompt },
    ...exchanges.flatMap(({ content, reasoning, call, observation }): ChatMessage[] => {
      if (call && isNative) {
        return [
          { role: 'assistant', content, reasoning, call },
          { role: 'tool', content: observation, answers: call },
        ];
      }
      return [
        { role: 'assistant', content: call ? content + callText(call) : content, reasoning },
        { role: 'user', content: `<tool_response>\n${observation}\n</tool_response>` },
      ];
    }),
  ];
}

let promptFormatText: string | undefined;

function promptFormat(metaTools: readonly MetaTool[]): string {
  promptFormatText ??= readFileSync(new URL('prompt-format.md', import.meta.url), 'utf8').trim();
  const tools = metaTools.map(({ name, description, inputSchema }) =>
    pythonJson({ name, description, parameters: inputSchema }),
  );
  return promptFormatText.replace('{{tools}}', () => tools.join('\n'));
}

function read({ text, reasoning, calls, usage, capture }: ChatReply): {
  readonly exchange: Exchange;
  readonly decision: Decision;
} {
  const written =
    (reasoning === '' ? '' : `<think>\n${reasoning}\n</think>\n\n`) +
    [text, ...calls.map(callText)].filter(Boolean).join('\n');
  const [first] = calls;
  if (first && first.name !== '' && first.arguments) {
    const action = { name: first.name, arguments: first.arguments };
    return {
      exchange: { content: text, reasoning, call: first, observation: '' },
      decision: { action, text: written, usage },
    };
  }
  // a broken native call goes back as text: endpoints refuse a history with broken arguments in it
  const content = [text, ...calls.map(callText)].filter(Boolean).join('\n');
  const action = parseCall(content);
  if (capture) {
    // the client keeps the reply as it was drawn and only needs to know whether a call was answered
    const call = action && { id: 'call_0', ...action, source: JSON.stringify(action.arguments) };
    return {
      exchange: { content: call ? '' : content, reasoning, call, observation: '' },
      decision: { action: action ?? unparsed, text: written, usage, capture },
    };
  }
  return {
    exchange: { content, reasoning, call: null, observation: '' },
    decision: { action: action ?? unparsed, text: written, usage },
  };
}

const callText = (call: ModelCall): string =>
  call.arguments
    ? toolCallText({ name: call.name, arguments: call.arguments })
    : `<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${call.source}}\n</tool_call>`;

/** The longest Qwen3 token has 128 characters; a longer reply means that the server ignored the bound. */
const longestTokenCharacters = 128;

function refuseUnbounded(reply: ChatReply, outputTokens: number, name: string): void {
  const characters =
    reply.text.length + reply.reasoning.length + reply.calls.reduce((sum, call) => sum + call.source.length, 0);
  if (characters <= longestTokenCharacters * outputTokens) return;
  throw new PolicyFailure(
    `${name} replied with ${characters} characters although ${outputTokens} tokens were its bound.`,
  );
}

import { readFileSync } from 'node:fs';
import { RUN_PROGRAM } from '../../core/execution.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ChatMessage, ModelCall } from '../../core/models/model-client.ts';
import { withUser } from '../../core/tokens/messages.ts';
import { pythonJson, toolCallText } from '../../core/tokens/template.ts';
import type { Media } from '../../core/media.ts';
import type { EpisodeStart, MetaTool, Observation } from '../../core/types.ts';

/** One turn of a conversation with a model, as later requests show it. */
export interface Exchange {
  readonly content: string;
  readonly reasoning: string;
  /** The thinking's fields as they came. */
  readonly echo?: JsonObject;
  /** Native calls of the reply, whether or not they were carried out; none where the reply goes back as text. */
  readonly calls: readonly ModelCall[];
  /** What followed: one a native call, else those of the calls that stood in the text. */
  observations: readonly Shown[];
  /** What the user said then, where the turn ended a message of several. */
  user?: string | undefined;
}

/** What a model is shown of an observation. */
export interface Shown {
  readonly text: string;
  readonly media: readonly Media[];
}

/** With the images and the sound that the observation names. */
export const shownOf = ({ text, media = [] }: Observation, { mediaOf }: Pick<EpisodeStart, 'mediaOf'>): Shown => ({
  text,
  media: media.flatMap(({ sha256 }) => mediaOf?.(sha256) ?? []),
});

/** The messages of a conversation so far. Without native tools they stand in the system prompt, and calls in the text. */
export function messagesOf(episode: EpisodeStart, exchanges: readonly Exchange[], isNative: boolean): ChatMessage[] {
  const system = isNative ? episode.system : `${episode.system}\n\n${promptFormat(episode.metaTools)}`;
  return [
    { role: 'system', content: system },
    { role: 'user', content: episode.prompt },
    ...exchanges.flatMap((exchange) => {
      const shown = isNative ? nativeMessages(exchange) : textMessages(exchange);
      return exchange.user === undefined ? shown : withUser(shown, exchange.user);
    }),
  ];
}

function nativeMessages(exchange: Exchange): ChatMessage[] {
  const { content, calls, observations } = exchange;
  if (calls.length === 0) return textMessages(exchange);
  const answers = calls.map((call, index): ChatMessage => {
    const { text, media } = observations[index] ?? { text: '', media: [] };
    return { role: 'tool', content: text, answers: call, ...mediaFields(media) };
  });
  return [{ role: 'assistant', content, ...thinkingOf(exchange), calls }, ...answers];
}

const mediaFields = (media: readonly Media[]) => (media.length > 0 ? { media } : {});

const thinkingOf = ({ reasoning, echo }: Exchange) => ({ reasoning, ...(echo ? { echo } : {}) });

/** Stands for a reply that held nothing: many endpoints and templates refuse an empty one. */
export const emptyReply = '(empty reply)';

function textMessages(exchange: Exchange): ChatMessage[] {
  const { content, calls, observations } = exchange;
  const responses = observations.map(({ text }) => `<tool_response>\n${text}\n</tool_response>`);
  const media = observations.flatMap(({ media: ofOne }) => ofOne);
  return [
    {
      role: 'assistant',
      content: content + calls.map(callText).join('\n') || emptyReply,
      ...thinkingOf(exchange),
    },
    { role: 'user', content: responses.join('\n'), ...mediaFields(media) },
  ];
}

/** A call as Qwen3 writes it; where its arguments were no object, with what came in their place. */
export const callText = (call: ModelCall): string =>
  call.arguments
    ? toolCallText({ name: call.name, arguments: call.arguments })
    : `<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${call.source}}\n</tool_call>`;

let promptFormatText: string | undefined;

function promptFormat(metaTools: readonly MetaTool[]): string {
  promptFormatText ??= readFileSync(new URL('prompt-format.md', import.meta.url), 'utf8').trim();
  const tools = metaTools.map(({ name, description, inputSchema }) =>
    pythonJson({ name, description, parameters: inputSchema }),
  );
  const format = promptFormatText.replace('{{tools}}', () => tools.join('\n'));
  return metaTools.some(({ name }) => name === RUN_PROGRAM) ? `${format}\n${programFormat}` : format;
}

const programFormat = [
  `In place of a call of ${RUN_PROGRAM} you can reply with the program itself between these marks, for example:`,
  '```js',
  "const page = await wiki.read_page({ name: 'a' });",
  "page.text.split(' ').length",
  '```',
].join('\n');

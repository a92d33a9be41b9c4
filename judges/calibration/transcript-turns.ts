import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Call, LedgerRow, Outcome, Turn } from '../../core/trajectory.ts';

/** A message of a transcript, as `transcripts.schema.json` says it. */
export interface TranscriptMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  readonly content?: string | null | readonly JsonObject[];
  readonly tool_calls?:
    | readonly {
        readonly id?: string;
        readonly function: { readonly name: string; readonly arguments?: string | JsonObject | null };
      }[]
    | null;
  readonly tool_call_id?: string;
  readonly is_error?: boolean;
}

interface Result {
  readonly text: string;
  readonly isError: boolean;
}

/** A transcript as turns: what was asked first, what was done, and how it ended. */
export interface ReadTranscript {
  readonly prompt: string;
  readonly turns: readonly Turn[];
  readonly outcome: Outcome;
}

/**
 * Reads messages as chat endpoints write them. What the assistant says without a call ends the user's message; where nothing
 * of the kind comes last, the episode was left. A result is that of the call it names, else of the next one without. A
 * tool's server is what stands before a point or two underscores in its name.
 */
export function readMessages(messages: readonly TranscriptMessage[]): ReadTranscript {
  const results = resultsOf(messages);
  const turns: Turn[] = [];
  let prompt = '';
  let answer: string | null = null;
  let calls = 0;
  for (const message of messages) {
    if (message.role === 'user') {
      const text = textOf(message.content);
      if (text === '') continue;
      // A conversation may open without a call; then the whole of it is what was asked.
      if (turns.length === 0 && answer === null) prompt = prompt === '' ? text : `${prompt}\n${text}`;
      else turns.push({ ...turnOf([finish(answer ?? '')]), user: text });
      answer = null;
    } else if (message.role === 'assistant') {
      const made = callsIn(message).map((call) => callOf(call, results(call.id, calls++)));
      if (made.length > 0) turns.push(turnOf(made));
      const said = textOf(message.content);
      answer = made.length > 0 || said === '' ? null : said;
    }
  }
  const outcome: Outcome = answer === null ? { kind: 'truncated', cause: 'left' } : { kind: 'terminated', answer };
  if (answer !== null) turns.push(turnOf([finish(answer)]));
  return { prompt, turns, outcome };
}

interface MadeCall {
  readonly id: string | undefined;
  readonly name: string;
  readonly arguments: JsonObject;
}

function callsIn({ content, tool_calls: listed }: TranscriptMessage): MadeCall[] {
  const parts = Array.isArray(content) ? (content as readonly JsonObject[]) : [];
  const inContent = parts
    .filter((part) => part['type'] === 'tool_use' && typeof part['name'] === 'string')
    .map((part) => ({ id: idIn(part['id']), name: part['name'] as string, arguments: objectIn(part['input']) }));
  const inList = (listed ?? []).map(({ id, function: { name, arguments: given } }) => ({
    id,
    name,
    arguments: objectIn(typeof given === 'string' ? parsed(given) : given),
  }));
  return [...inList, ...inContent];
}

/** Result of a call by its id, else the one at its place. */
function resultsOf(messages: readonly TranscriptMessage[]) {
  const found = messages.flatMap(({ role, content, tool_call_id: id, is_error: isError = false }) => {
    if (role === 'tool') return [{ id, text: textOf(content), isError }];
    const parts = Array.isArray(content) ? (content as readonly JsonObject[]) : [];
    return parts
      .filter((part) => part['type'] === 'tool_result')
      .map((part) => ({
        id: idIn(part['tool_use_id']),
        text: textOf(part['content']),
        isError: part['is_error'] === true,
      }));
  });
  const byId = new Map(found.flatMap((one) => (one.id === undefined ? [] : [[one.id, one] as const])));
  return (id: string | undefined, place: number): Result | undefined =>
    (id === undefined ? undefined : byId.get(id)) ?? (found[place]?.id === undefined ? found[place] : undefined);
}

function callOf({ name, arguments: given }: MadeCall, result: Result | undefined): Call {
  const [, server = 'tools', tool = name] = /^(.+?)(?:\.|__)(.+)$/s.exec(name) ?? [];
  return {
    action: { name: 'call_tool', arguments: { server, tool, arguments: given } },
    observation: {
      text: result?.text ?? '',
      // A call without a result came to nothing.
      isError: result?.isError ?? true,
      source: 'results',
      server,
      cutTokens: 0,
    },
    event: { kind: 'called', server, tools: [tool] },
  };
}

const finish = (answer: string): Call => ({
  action: { name: 'finish', arguments: { answer } },
  observation: { text: '', isError: false, source: 'history', server: '', cutTokens: 0 },
  event: { kind: 'finished', server: '', tools: [] },
});

/** Nobody has counted tokens of a transcript. */
const uncounted: LedgerRow = { system: 0, schemas: {}, results: 0, history: 0, prompt: 0, output: 0 };
const turnOf = (calls: readonly Call[]): Turn => ({ calls, tokens: uncounted });

const idIn = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);

/** The text of a content or of a result, which may be anything. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = (content as readonly unknown[]).map((part) =>
    typeof part === 'string' ? part : (part as { readonly text?: unknown } | null)?.text,
  );
  return texts.filter((text) => typeof text === 'string').join('\n');
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { text };
  }
}

const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

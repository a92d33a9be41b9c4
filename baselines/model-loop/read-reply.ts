import { EndpointContextExceeded, EndpointRefusal } from '../../core/errors.ts';
import { finishKind } from '../../core/models/finish.ts';
import type { ChatReply, ModelCall } from '../../core/models/model-client.ts';
import type { Action, Decision, LostTurn, RequestedCall } from '../../core/types.ts';
import { callText, emptyReply, type Exchange } from './exchange.ts';
import { functionMeant, type Functions } from './text-call.ts';
import { textCalls } from './text-calls.ts';

export interface ReadReply {
  readonly exchange: Exchange;
  readonly decision: Decision;
}

export interface ReadOptions {
  /** What may be called. */
  readonly functions: Functions;
  /** Carry out all calls of a reply, or the first alone. */
  readonly isParallel: boolean;
  /** Results of tools that the model has seen in this episode. */
  readonly results: readonly string[];
}

/** Stands for a turn whose reply held no usable call. */
const unparsed: Action = { name: 'unparsed', arguments: {} };

/**
 * What a model's reply asks for: its native calls, else those in its text; a lost turn where neither can be read. Throws
 * `EndpointContextExceeded` and `EndpointRefusal` where the endpoint ended a reply without a call so.
 */
export function readReply(reply: ChatReply, options: ReadOptions): ReadReply {
  const { text, reasoning, echo, usage, finishReason, capture } = reply;
  const calls = reply.calls.map((call) => ({ ...call, name: functionMeant(call.name, options.functions) }));
  const content = [text, ...calls.map(callText)].filter(Boolean).join('\n');
  const thinking = reasoning === '' ? '' : `<think>\n${reasoning}\n</think>\n\n`;
  const kept = { reasoning, ...(echo ? { echo } : {}), observations: [] };
  const told = {
    text: thinking + content,
    ...(reply.losesReasoning ? { history: content || emptyReply } : {}),
    finishReason,
    usage,
    ...(capture ? { capture } : {}),
  };
  const asked = nativeCalls(calls);
  if (asked) {
    return {
      exchange: { content: text, calls, ...kept },
      decision: { calls: allowed(asked, options), ...told },
    };
  }
  // A broken native call alone goes back as text.
  const { calls: written, isMeant } = textCalls(content, options);
  const [first, ...rest] = written;
  if (!first) refuseEnding(reply);
  const lost = lostOf(reply, isMeant || calls.length > 0);
  const decision: Decision = first
    ? { calls: allowed([{ action: first }, ...rest.map((action) => ({ action }))], options), ...inText(reply), ...told }
    : {
        calls: [{ action: unparsed, refusal: lostSentence(lost, calls, options) }],
        lost,
        ...told,
        ...(content === '' ? { history: (reply.losesReasoning ? '' : thinking) + emptyReply } : {}),
      };
  // A client that keeps the reply as it was drawn needs only to know whether calls were answered.
  const drawn = capture && first ? written.map(asModelCall) : [];
  return {
    exchange: { content: drawn.length > 0 ? '' : content, calls: drawn, ...kept },
    decision,
  };
}

/** What the client keeps as it was drawn is not written anew. */
const inText = ({ capture }: ChatReply): Pick<Decision, 'callsInText'> => (capture ? {} : { callsInText: true });

/** Ends the episode where the endpoint ended the reply, whatever text stands before that. */
function refuseEnding({ finishReason }: ChatReply): void {
  const kind = finishReason === 'refusal' ? 'stop' : finishKind(finishReason);
  const sentence = `The endpoint ended a reply without a call: ${finishReason}.`;
  if (kind === 'filter') throw new EndpointRefusal(sentence);
  if (kind === 'context') throw new EndpointContextExceeded(sentence);
}

const asModelCall = (action: Action, index: number): ModelCall => ({
  id: `call_${index}`,
  ...action,
  source: JSON.stringify(action.arguments),
});

type RequestedCalls = Decision['calls'];

/** Native calls, the broken ones among them refused; `null` where none can be carried out. */
function nativeCalls(calls: readonly ModelCall[]): RequestedCalls | null {
  if (!calls.some(isWhole)) return null;
  const [first, ...rest] = calls.map((call): RequestedCall => {
    if (isWhole(call)) return { action: { name: call.name, arguments: call.arguments } };
    return { action: { name: call.name || unparsed.name, arguments: {} }, refusal: brokenSentence(call) };
  });
  return first ? [first, ...rest] : null;
}

const isWhole = (call: ModelCall): call is ModelCall & { arguments: NonNullable<ModelCall['arguments']> } =>
  call.name !== '' && call.arguments !== null;

function allowed([first, ...rest]: RequestedCalls, { isParallel }: ReadOptions): RequestedCalls {
  if (isParallel) return [first, ...rest];
  const refusal = 'This call was not carried out: one call a reply is allowed, and the first was taken. Make it again.';
  return [first, ...rest.map(({ action }) => ({ action, refusal }))];
}

function lostOf({ finishReason }: ChatReply, isMeant: boolean): LostTurn {
  if (finishKind(finishReason) === 'length') return 'cut';
  return isMeant ? 'unreadable-call' : 'no-call';
}

const brokenSentence = ({ name, source }: ModelCall): string =>
  name === ''
    ? 'This call was not carried out: it names no function.'
    : `This call was not carried out: the arguments of ${name} are no JSON object but ${excerpt(source)}.`;

/** What was wrong with the reply, in words for the model. */
function lostSentence(lost: LostTurn, calls: readonly ModelCall[], { functions }: ReadOptions): string {
  const cure = `Call one of the functions${namesOf(functions)}; when the task is done, call finish.`;
  if (lost === 'cut')
    return `Your reply was cut at the longest length that is allowed, before it held a whole call. Be shorter. ${cure}`;
  if (lost === 'no-call') return `Your reply held no call, and so nothing was done. ${cure}`;
  const [broken] = calls;
  const what = broken ? brokenSentence(broken) : 'Your call could not be read: it must be one whole JSON object.';
  return `${what} ${cure}`;
}

/** A turn whose call the endpoint itself could not read. */
export function unparsedByServer(message: string, { functions }: ReadOptions): ReadReply {
  const refusal =
    `Your call could not be read (${excerpt(message)}). ` +
    `Call one of the functions${namesOf(functions)} with arguments that are one JSON object.`;
  return {
    exchange: { content: '', reasoning: '', calls: [], observations: [] },
    decision: { calls: [{ action: unparsed, refusal }], lost: 'unparsed-by-server', text: '', history: emptyReply },
  };
}

/** Names of the functions with a blank before them; '' where they are as many as tools. */
const namesOf = (functions: Functions): string =>
  functions.size > MOST_NAMED ? '' : ` ${[...functions.keys()].join(', ')}`;

const MOST_NAMED = 20;
const MOST_SHOWN = 200;
const excerpt = (text: string): string => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);

import type { JsonObject } from '../json.ts';
import { EndpointFault } from './fault.ts';

/** What an endpoint has said so far of how it wants to be asked. */
export interface Dialect {
  /** Options that it refuses by name. */
  readonly refused: Set<string>;
  /** Thinking goes back as it came; an empty one, too, where the endpoint demands it of every message; or not at all. */
  reasoning: 'as it came' | 'demanded' | 'left out';
  demandedReasoning: 'reasoning_content' | 'reasoning';
  /** The system prompt stands in the first message of the user. */
  isSystemFolded: boolean;
  /** The content beside calls is null where it is empty. */
  isContentNull: boolean;
}

export const openDialect = (): Dialect => ({
  refused: new Set(),
  reasoning: 'as it came',
  demandedReasoning: 'reasoning_content',
  isSystemFolded: false,
  isContentNull: false,
});

/** Options that some servers refuse by name; one that is refused is left out from then on. */
const dispensable = [
  'max_completion_tokens',
  'max_tokens',
  'repetition_penalty',
  'min_p',
  'top_k',
  'tool_choice',
  'parallel_tool_calls',
  'presence_penalty',
  'frequency_penalty',
  'temperature',
  'top_p',
  'seed',
  'n',
  'stream',
  'response_format',
  'top_logprobs',
  'logprobs',
  'chat_template_kwargs',
  'enable_thinking',
  'reasoning_effort',
  'reasoning',
  'thinking',
];

/** Common words: such a name must stand by itself or in quotation marks. */
const words = new Set(['n', 'stream', 'reasoning', 'thinking']);

/** Learns from a refusal of `body`; false where it holds nothing to learn. */
export function learn(dialect: Dialect, error: unknown, body: JsonObject): boolean {
  if (!(error instanceof EndpointFault) || error.kind !== 'other' || ![400, 422].includes(error.status)) return false;
  const said = error.words;
  if (learnReasoning(dialect, said, body)) return true;
  if (!dialect.isSystemFolded && systemRefused.test(said)) return (dialect.isSystemFolded = true);
  const option = refusedOption(said, dialect.refused, body);
  if (option !== undefined) {
    dialect.refused.add(option);
    return true;
  }
  if (dialect.isContentNull || !emptyContent.test(said) || !hasEmptyContent(body)) return false;
  return (dialect.isContentNull = true);
}

const hasEmptyContent = ({ messages }: JsonObject): boolean =>
  Array.isArray(messages) &&
  (messages as readonly JsonObject[]).some(({ content, tool_calls: calls }) => content === '' && calls !== undefined);

const systemRefused =
  /system (role|messages?|prompts?|instructions?)[^.\n]{0,40}(not supported|unsupported|not enabled|not allowed)|does not support system|developer instructions? (is|are) not enabled/i;
const emptyContent =
  /content[^\n]{0,80}(empty|blank|required|null|at least|non-empty)|(empty|blank|non-empty)[^\n]{0,40}content/i;
const demands =
  /(must|should|need(s|ed)?|has|have|required) (to )?be (passed|sent|returned|included|provided|given)|missing|is required/i;
const reasoningName = /\breasoning(_content|_details)?\b|\bextra_content\b/;

function learnReasoning(dialect: Dialect, said: string, body: JsonObject): boolean {
  const name = reasoningName.exec(said)?.[0];
  if (name === undefined) return false;
  if (demands.test(said) && !/(must|should) not/i.test(said)) {
    if (dialect.reasoning === 'demanded') return false;
    dialect.reasoning = 'demanded';
    dialect.demandedReasoning = name === 'reasoning' ? 'reasoning' : 'reasoning_content';
    return true;
  }
  const isSent = JSON.stringify(body['messages']).includes(`"${name}":`);
  if (!isSent || dialect.reasoning === 'left out') return false;
  dialect.reasoning = 'left out';
  return true;
}

/** The option of the body that a refusal names; never both bounds on the reply's length. */
function refusedOption(said: string, refused: ReadonlySet<string>, body: JsonObject): string | undefined {
  const placeOf = (option: string): number => {
    const quoted = said.search(new RegExp(`(^|['"\`.]|: |, )${option}(['"\`,.]|$)`, 'm'));
    return quoted >= 0 || words.has(option) ? quoted : said.search(new RegExp(`\\b${option}\\b`));
  };
  const named = dispensable
    .filter((option) => option in body && !refused.has(option))
    .map((option) => ({ option, place: placeOf(option) }))
    .filter(({ place }) => place >= 0)
    .toSorted((a, b) => a.place - b.place);
  // "'max_tokens' is not supported, use 'max_completion_tokens'": the first one named is the refused one.
  const first = named[0]?.option;
  const isLastBound = first?.startsWith('max_') === true && [...refused].some((option) => option.startsWith('max_'));
  return isLastBound ? undefined : first;
}

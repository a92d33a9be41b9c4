import { UsageError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import { connect, type Connection, type ConnectionOptions } from './connection.ts';
import { deferringRefused, refuseDeferring, shownFrom, withoutSearches } from './deferred-functions.ts';
import { explained, type AskedEndpoint } from './explained.ts';
import { EndpointFault } from './fault.ts';
import {
  type Chat,
  callArguments,
  listingMilliseconds,
  type ChatMessage,
  type ChatReply,
  type ModelClient,
} from './model-client.ts';
import { learn, openDialect, type Dialect } from './openai-dialect.ts';
import { openAiUrl } from './openai-functions.ts';
import { readCompletion } from './openai-reply.ts';
import { requestBody, wishOptions, type OpenAiWishes } from './openai-request.ts';
import { promptTokens, refuseTooLong, watchPrompts } from './prompt-tokens.ts';
import { preflightBy } from './probe.ts';
import { verdictOn } from './verdict.ts';

export type OpenAiOptions = {
  readonly model: string;
  /** Up to and including the version, e.g. `http://127.0.0.1:8080/v1`. Default: OPENAI_BASE_URL, else OpenAI's own. */
  readonly baseUrl?: string;
  /** The variable that holds the key. Default OPENAI_API_KEY, whose key goes to no address but the default one. */
  readonly keyEnv?: string;
  /** Whose tokens prompts have. Default: Qwen3's. */
  readonly counter?: TokenCounter;
} & OpenAiWishes &
  Omit<ConnectionOptions, 'endpoint'>;

/** Far more than there is to learn of an endpoint. */
const MOST_REFUSALS = 40;

/**
 * A model of any endpoint with OpenAI's chat completions, not streamed: some servers parse tool calls well only so.
 * Ours and not OpenAI's library: endpoints differ in the options and messages that they take, and what one refuses is left
 * out or put otherwise from then on. Such routes have no option for the context length: `contextTokens` then only bounds what
 * we send.
 */
export default function openAiClient({ model, ...options }: OpenAiOptions): ModelClient {
  const { baseUrl, keyEnv, thinking, effort, extra, functionSearch, counter, ...connectionOptions } = options;
  const place = placeOf(baseUrl, keyEnv);
  const { url, endpoint } = place;
  if (functionSearch) refuseDeferring(url);
  const wishes = {
    ...(thinking ? { thinking } : {}),
    ...(effort ? { effort } : {}),
    ...(extra ? { extra } : {}),
    ...(functionSearch ? { functionSearch } : {}),
  };
  const connection = connect({ ...connectionOptions, endpoint });
  const route = `${url}/chat/completions`;
  const post = postingTo(route, place, connection);
  const dialect = openDialect();

  const check = async (signal: AbortSignal) => {
    const names = await modelNames(place, connection, signal);
    if (names !== null && !isListed(model, names)) throw unknownModel(model, names, endpoint);
  };

  const converse = (): Chat => {
    const watch = watchPrompts(endpoint, counter);
    return async (messages, tools, sampling, signal) => {
      const shown = messages.map((message) => asSent(message, dialect));
      refuseTooLong(promptTokens(shown, shownFrom(tools, functionSearch), counter), sampling, counter);
      const { reply, sent } = await negotiate(messages, tools, sampling, signal);
      return sent === null ? reply : { ...reply, usage: watch(sent, reply.usage) };
    };
  };
  const chat: Chat = (...request) => converse()(...request);

  /** Asks until nothing more can be learnt of how the endpoint wants to be asked. */
  const negotiate = async (...[messages, tools, sampling, signal]: Parameters<Chat>): Promise<Negotiated> => {
    for (let refusals = 0; ; refusals++) {
      const body = requestBody(model, messages, tools, sampling, wishes, dialect);
      try {
        const given = await post(body, signal);
        const reply = functionSearch ? withoutSearches(given) : given;
        const losesReasoning = reply.reasoning !== '' && (!reply.echo || dialect.reasoning === 'left out');
        return {
          reply: losesReasoning ? { ...reply, losesReasoning } : reply,
          sent: messages.map((message) => asSent(message, dialect)),
        };
      } catch (error) {
        if (isSpent(error)) return { reply: spentReply, sent: null };
        const refused = functionSearch && deferringRefused(error, endpoint);
        if (refused) throw refused;
        if (refusals >= MOST_REFUSALS || !learn(dialect, error, body))
          throw await explained(error, asked, messages, tools, sampling, signal);
        refuseDeafness(wishes, dialect, endpoint);
      }
    }
  };

  const asked: AskedEndpoint = {
    ...place,
    asked: `POST ${route} for the model "${model}"`,
    tryOnce: (messages, sampling, signal) =>
      post(requestBody(model, messages, [], sampling, wishes, dialect), signal, 1),
    unknownModel: async (signal) => unknownModel(model, (await modelNames(place, connection, signal)) ?? [], endpoint),
  };

  return {
    name: `openai:${model}`,
    endpoint: url,
    check,
    build: () => Promise.resolve(`at ${url}`),
    chat,
    converse,
    preflight: preflightBy(chat),
  };
}

type Post = (body: JsonObject, signal: AbortSignal, attempts?: number) => Promise<ChatReply>;

const postingTo =
  (route: string, place: Place, connection: Connection): Post =>
  (body, signal, attempts) =>
    connection.request(
      async (exchange) => {
        const response = await exchange(route, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...authorization(place) },
          body: JSON.stringify(body),
        });
        return readCompletion(await response.text());
      },
      signal,
      attempts === undefined ? {} : { attempts },
    );

/** Ollama's compatible route lists its models with their tags, Google's with a folder, routers without the variant. */
const isListed = (model: string, names: readonly string[]): boolean =>
  [model, `${model}:latest`, `models/${model}`, model.replace(/:[\w-]+$/, '')].some((name) => names.includes(name));

/** What an endpoint answers that had spent the reply's bound on thinking. */
const spentReply: ChatReply = {
  text: '',
  reasoning: '',
  calls: [],
  usage: { promptTokens: null, outputTokens: null },
  finishReason: 'length',
};

interface Negotiated {
  readonly reply: ChatReply;
  /** Messages as they went out; `null` where nothing is known of how they were read. */
  readonly sent: readonly ChatMessage[] | null;
}

const isSpent = (error: unknown): boolean => error instanceof EndpointFault && error.kind === 'output-bound';

/** A message less the thinking that stays here. */
function asSent(message: ChatMessage, dialect: Dialect): ChatMessage {
  if (!message.reasoning || (message.echo && dialect.reasoning !== 'left out')) return message;
  const { reasoning: _, ...rest } = message;
  return rest;
}

/** An endpoint that refuses every word for what the user asked for would be measured otherwise than the record says. */
function refuseDeafness(wishes: OpenAiWishes, { refused }: Dialect, endpoint: string): void {
  for (const [name, value] of Object.entries({ thinking: wishes.thinking, effort: wishes.effort })) {
    const options = Object.keys(wishOptions(value === undefined ? {} : { [name]: value }));
    if (options.length === 0 || !options.every((option) => refused.has(option))) continue;
    throw new UsageError(
      `${endpoint} takes no word for ${name}=${value} (refused: ${options.join(', ')}). Leave it out, or say it in the ` +
        "endpoint's own words with extra.NAME=VALUE.",
    );
  }
  const extra = Object.keys(wishes.extra ?? {}).find((option) => refused.has(option));
  if (extra !== undefined) throw new UsageError(`${endpoint} refuses ${extra}. Leave out extra.${extra}.`);
}

export interface Place {
  readonly url: string;
  readonly endpoint: string;
  readonly keyEnv: string | null;
  readonly cure: string;
  readonly routeCure: string;
  readonly keyCure: string;
}

/** Where the endpoint is, and what to say of it. Throws `UsageError` on an address that is none. */
export function placeOf(named: string | undefined, keyEnv: string | undefined): Place {
  const usual = cleanUrl(process.env['OPENAI_BASE_URL'] || openAiUrl);
  const url = named === undefined ? usual : cleanUrl(named);
  const how = named === undefined ? 'OPENAI_BASE_URL' : 'base-url';
  const hasVersion = /\/(v\d\w*|openai|api)(\/|$)/.test(new URL(url).pathname);
  return {
    url,
    endpoint: `The endpoint at ${url}`,
    keyEnv: keyEnv ?? (url === usual || url === openAiUrl ? 'OPENAI_API_KEY' : null),
    cure: `Start it, or name another one in ${how}.`,
    routeCure: hasVersion
      ? `See in its documentation which address comes before "/chat/completions", and name that in ${how}.`
      : `Is "/v1" missing? Set ${how} to ${url}/v1.`,
    keyCure:
      keyEnv === undefined && url !== usual
        ? 'Name the variable that holds its key by key-env=NAME.'
        : `Set ${keyEnv ?? 'OPENAI_API_KEY'} to a valid one.`,
  };
}

/** Without the route, which some copy along with the address. */
function cleanUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is no address of an endpoint. Give one like http://127.0.0.1:8080/v1.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      `The address of the endpoint at ${url.host} holds a key. Put it into a variable, and name that by key-env=NAME.`,
    );
  }
  return text.replace(/\/+$/, '').replace(/\/(chat\/completions|completions|responses|models)$/, '');
}

/** Names, or null where the server has no such list. */
async function modelNames(place: Place, connection: Connection, signal: AbortSignal): Promise<string[] | null> {
  try {
    const list = await connection.request(
      async (exchange) => {
        const response = await exchange(`${place.url}/models`, { headers: authorization(place) });
        return callArguments(await response.text());
      },
      signal,
      { timeoutMilliseconds: listingMilliseconds, attempts: 2 },
    );
    const models = list?.['data'];
    if (!Array.isArray(models)) return null;
    return models.flatMap((one: unknown) => callArguments(one)?.['id'] ?? []).filter((id) => typeof id === 'string');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EndpointFault && error.kind !== 'key') return null;
    const asked = `GET ${place.url}/models`;
    throw await verdictOn(error, { ...place, asked, hasTools: false });
  }
}

/** Throws `UsageError` where the key that the endpoint wants is not there. */
export function authorization({ url, keyEnv }: Place): Record<string, string> {
  const key = keyEnv === null ? undefined : process.env[keyEnv];
  if (key) return { authorization: `Bearer ${key}` };
  if (keyEnv === null || (keyEnv === 'OPENAI_API_KEY' && url !== openAiUrl)) return {};
  throw new UsageError(`${url} wants a key. Set ${keyEnv}, or name another endpoint in OPENAI_BASE_URL.`);
}

const unknownModel = (model: string, names: readonly string[], endpoint: string): UsageError =>
  new UsageError(`${endpoint} has no model "${model}". Known: ${names.slice(0, 40).join(', ') || 'it does not say'}.`);

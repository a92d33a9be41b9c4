import { UsageError } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { KnownSettings } from '../settings.ts';
import type { FunctionSearch } from './deferred-functions.ts';

const efforts = ['auto', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** What a model's name may say of its endpoint, e.g. `openai:MODEL?base-url=http%3A%2F%2FHOST%2Fv1&key-env=NAME&thinking=off`. */
export interface EndpointSettings {
  /** '': that of OPENAI_BASE_URL or OLLAMA_HOST. */
  readonly 'base-url': string;
  /** Name of the variable that holds the key; '': OPENAI_API_KEY where the address is its own. */
  readonly 'key-env': string;
  /** `auto`: the model's own way. */
  readonly thinking: 'auto' | 'on' | 'off';
  readonly effort: (typeof efforts)[number];
}

/** `extra.NAME=VALUE` goes into the request as it is, VALUE as JSON where it is some. */
export const endpointSettings = {
  defaults: { 'base-url': '', 'key-env': '', thinking: 'auto', effort: 'auto' },
  choices: { 'base-url': 'any', 'key-env': 'any', thinking: ['auto', 'on', 'off'], effort: efforts },
  free: 'extra',
} satisfies KnownSettings<EndpointSettings>;

/** The same as a client takes it; what was left out is not there. */
export interface EndpointWishes {
  readonly baseUrl?: string;
  readonly keyEnv?: string;
  readonly thinking?: 'on' | 'off';
  readonly effort?: string;
  readonly extra?: JsonObject;
  readonly functionSearch?: FunctionSearch;
}

/** Throws `UsageError` where one further field of the request lies in another that is no object. */
export function endpointWishes(settings: EndpointSettings): EndpointWishes {
  const { 'base-url': baseUrl, 'key-env': keyEnv, thinking, effort } = settings;
  const further = Object.entries(settings).filter(([key]) => key.startsWith('extra.'));
  const extra: Record<string, Json> = {};
  for (const [key, value] of further) put(extra, key.split('.').slice(1), jsonOrText(String(value)), key);
  return {
    ...(baseUrl === '' ? {} : { baseUrl }),
    ...(keyEnv === '' ? {} : { keyEnv }),
    ...(thinking === 'auto' ? {} : { thinking }),
    ...(effort === 'auto' ? {} : { effort }),
    ...(further.length === 0 ? {} : { extra }),
  };
}

/** `extra.a.b=1` is the field `b` of the field `a`. */
function put(object: Record<string, Json>, [name = '', ...rest]: readonly string[], value: Json, key: string): void {
  if (name === '' || name === '__proto__')
    throw new UsageError(`"${key}" names no field of a request. Write extra.NAME=VALUE.`);
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const inner = object[name] ?? {};
  if (!isJsonObject(inner)) throw new UsageError(`"${key}" lies in a field that is no object. Leave out one of them.`);
  const copy = { ...inner };
  put(copy, rest, value, key);
  object[name] = copy;
}

function jsonOrText(source: string): Json {
  try {
    return JSON.parse(source) as Json;
  } catch {
    return source;
  }
}

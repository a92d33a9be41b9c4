import type { Json, JsonObject } from '../core/json.ts';
import type { RandomStream } from '../core/seeds.ts';

/** Arguments that fit a tool's schema, their strings taken from these texts. */
export function sampleArguments(schema: JsonObject, stream: RandomStream, texts: readonly string[]): JsonObject {
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>);
  const chosen = properties.filter(([name]) => required.has(name) || stream.uniform() < 0.25);
  return Object.fromEntries(chosen.map(([name, property]) => [name, sample(property, stream, texts)]));
}

/** A value that fits a schema: required properties always, others one time in four, lists of one or two. */
function sample(schema: JsonObject, stream: RandomStream, texts: readonly string[]): Json {
  const { uniform, below, pick } = stream;
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return pick(schema['enum'] as readonly Json[]);
  const choices = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(choices)) return sample(pick(choices as readonly JsonObject[]), stream, texts);
  const type = Array.isArray(schema['type']) ? pick(schema['type'] as readonly string[]) : schema['type'];
  if (type === 'object' || schema['properties']) return sampleArguments(schema, stream, texts);
  if (type === 'array') {
    const item = (schema['items'] ?? { type: 'string' }) as JsonObject;
    const shortest = Number(schema['minItems'] ?? 1);
    return Array.from({ length: Math.max(shortest, 1) + below(2) }, () => sample(item, stream, texts));
  }
  if (type === 'boolean') return uniform() < 0.5;
  if (type === 'null') return null;
  if (type === 'number' || type === 'integer') return sampleNumber(schema, stream, texts);
  return pick(texts);
}

/** Half the time a number from the prompt where it holds one, else a small one, within the schema's bounds. */
function sampleNumber(schema: JsonObject, { uniform, below, pick }: RandomStream, texts: readonly string[]): number {
  const lowest = Number(schema['minimum'] ?? schema['exclusiveMinimum'] ?? 0);
  const highest = Number(schema['maximum'] ?? schema['exclusiveMaximum'] ?? lowest + 10);
  const fits = (value: number) => value >= lowest && value <= highest;
  const numbers = texts.filter((text) => /^\d+$/.test(text)).map(Number);
  const fitting = numbers.filter(fits);
  if (fitting.length > 0 && uniform() < 0.5) return pick(fitting);
  return lowest + below(Math.min(10, Math.floor(highest - lowest)) + 1);
}

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ResultStep } from '../../core/plan.ts';

/** A value that results of a tool hold, by what they look like. */
export interface ResultPart {
  readonly at: readonly ResultStep[];
  /** The key under which it stands; '' where the result has none above it. */
  readonly name: string;
  readonly type: 'string' | 'number';
  /** It is all the text that there is, in which lines may be looked for. */
  readonly isText: boolean;
}

const deepest = 4;
const mostParts = 24;

/**
 * Texts and numbers of a tool's results by their JSON Schema, of each list those of its first item. What is not known to be anything else
 * is taken for a text.
 */
export function resultParts(shape: JsonObject | undefined): readonly ResultPart[] {
  const parts = shape === undefined ? [textAt([], '')] : partsIn(shape, [], '', 0);
  const [text, ...others] = parts.filter(({ type }) => type === 'string');
  return parts.slice(0, mostParts).map((part) => ({ ...part, isText: part === text && others.length === 0 }));
}

const textAt = (at: readonly ResultStep[], name: string): ResultPart => ({ at, name, type: 'string', isText: true });

function partsIn(shape: Json | undefined, at: readonly ResultStep[], name: string, depth: number): ResultPart[] {
  if (!isJsonObject(shape) || depth > deepest) return [];
  const { type, properties, items } = shape;
  const types = [type].flat();
  if (types.includes('string')) return [textAt(at, name)];
  if (types.includes('number') || types.includes('integer')) return [{ at, name, type: 'number', isText: false }];
  if (types.includes('array')) return partsIn(items, [...at, { item: 0, of: 1 }], name, depth + 1);
  return Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([key, property]) =>
    partsIn(property, [...at, key], key, depth + 1),
  );
}
